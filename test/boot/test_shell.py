"""The shell's language, end to end: jobs, statuses, what counts, and the programs that every ISO has."""

import os
import re
import subprocess
import tarfile

import harness

INFO_KEYS = ("ram_frames frames_free frames_zeroed frames_standby frames_resident frames_locked frames_kernel "
             "frames_tables frames_records swap_blocks swap_used commit_limit commit_used processes threads handles "
             "faults_zero faults_cow faults_soft faults_swap faults_file swap_in swap_out swap_reads swap_writes "
             "evicted_clean evicted_zero cleaned_ahead zeroed_ahead tables_swapped timer_interrupts "
             "file_private file_out file_writes file_dropped").split()


def counts(t, commands, wanted, failed):
    outcome = t.run(commands, "--swap", "none", status=1 if failed else 0)
    t.equal(outcome.text.splitlines()[-1], "RESULT run commands=%d failed=%d" % (wanted, failed), commands)
    return outcome


def test_jobs_in_a_row(t):
    text = counts(t, "echo one; echo 'two  2'; echo \"three;3\" four;", 3, 0).text
    for line in ("one", "two  2", "three;3 four"):
        t.contains(text, "\n%s\n" % line)


def test_status(t):
    t.contains(counts(t, "nonesuch; echo $?", 2, 1).text, "\n127\n")
    t.contains(counts(t, "! nonesuch; echo $?", 2, 0).text, "\n0\n")
    t.contains(counts(t, "! echo a; echo $?", 2, 1).text, "\n1\n")


def test_exit(t):
    counts(t, "echo a; exit; echo b", 2, 0)


def test_background(t):
    outcome = counts(t, "sleep 30 & jobs; kill %1; ! wait %1; echo $?", 4, 0)
    t.true(re.search(r"^\[1\] [0-9]+$", outcome.text, re.M), "no line [1] PID")
    t.equal(len(re.findall(r"^\[1\] [0-9]+$", outcome.text, re.M)), 1, "lines [1] PID")


def test_killed_is_137(t):
    t.contains(counts(t, "sleep 30 & kill %1; wait %1; echo $?", 3, 1).text, "\n137\n")


def test_left_over_jobs_are_killed(t):
    counts(t, "sleep 1000 & echo up", 1, 0)


def test_vmstat_adds_up(t):
    seen = counts(t, "vmstat", 1, 0).result("vmstat")
    t.equal([key for key in seen if key in INFO_KEYS], INFO_KEYS, "keys")
    parts = ("free", "standby", "resident", "locked", "kernel", "tables", "records")
    t.equal(sum(seen["frames_" + part] for part in parts), seen["ram_frames"], "sum of frames")


def test_vmstat_samples(t):
    seen = counts(t, "vmstat 0.2 3", 1, 0)
    t.equal(len([name for name, _ in seen.results if name == "vmstat"]), 3, "samples")


def test_check_is_clean(t):
    seen = counts(t, "check", 1, 0).result("check")
    t.equal((seen["errors"], seen["unowned"]), (0, 0), "errors, unowned")
    t.true(seen["frames"] > 1000 and seen["entries"] > 0, "nothing was looked at")


def test_ps_knows_the_servers(t):
    text = counts(t, "ps", 1, 0).text
    for name in ("init", "console", "shell", "ps"):
        t.true(re.search(r"^[0-9]+ [0-9]+ [0-9]+ \S+ [0-9]+ [0-9]+ %s$" % name, text, re.M), "no line for " + name)


def test_help_of_every_program(t):
    with tarfile.open(os.path.join(harness.ROOT, "build/release/boot.tar")) as archive:
        programs = [name for name in archive.getnames() if "/" not in name]
    t.true(len(programs) > 20, "only %s" % programs)
    text = counts(t, "; ".join(name + " --help" for name in programs), len(programs), 0).text
    told = re.findall(r"^usage: \w+", text.split("RESULT boot")[1], re.M)
    t.equal(len(told), len(programs), "lines usage: %s" % told)


def test_maps_and_pte(t):
    outcome = counts(t, "maps; pte 0x100000", 2, 0)
    t.true(outcome.result("maps")["runs"] > 1, "runs")
    t.true(re.search(r"^[0-9a-fx]+-[0-9a-fx]+ \S+ (ro|rw) [0-9]+ (pte|pde)$", outcome.text, re.M), "no run")
    t.true(outcome.result("pte")["kind"] != "none", "kind of the program's first page")


def text_segment(program):
    """Where the program's text and read-only data lie, by its ELF file: start and end in whole pages."""
    path = os.path.join(harness.ROOT, "build/release/programs", program)
    told = subprocess.run(["readelf", "-lW", path], capture_output=True, text=True, check=True).stdout
    start, size = re.search(r"LOAD +0x[0-9a-f]+ (0x[0-9a-f]+) 0x[0-9a-f]+ 0x[0-9a-f]+ (0x[0-9a-f]+) R E", told).groups()
    return int(start, 16), (int(start, 16) + int(size, 16) + 4095) // 4096 * 4096


def test_maps_says_what_is_read_only(t):
    text = counts(t, "maps", 1, 0).text
    runs = [(int(start, 16), int(end, 16), rights)
            for start, end, rights in re.findall(r"^([0-9a-f]{8})-([0-9a-f]{8}) \S+ (r[ow]) ", text, re.M)]
    t.equal([start for start, _, _ in runs], [0] + [end for _, end, _ in runs[:-1]], "starts: no gaps")
    read_only = [(start, end) for start, end, rights in runs if rights == "ro"]
    t.true(read_only, "nothing is read-only")
    t.equal((read_only[0][0], read_only[-1][1]), text_segment("maps"), "what is read-only")
    t.equal(sum(end - start for start, end in read_only), read_only[-1][1] - read_only[0][0], "bytes read-only")


def test_dmesg_after_the_log_went_round(t):
    text = counts(t, "! fault null;" * 200 + "echo dmesg:; dmesg", 202, 0).text.partition("\ndmesg:\n")[2]
    pids = [int(pid) for pid in re.findall(r"^FAULT pid=([0-9]+) name=fault ", text, re.M)]
    t.true(pids, "no report in the log")
    t.equal(pids, sorted(set(pids)), "each report once, in order")
    t.true(0 < len(text) < 16384 + 512, "bytes of the log")
    t.true("Apteryx\n" not in text, "the log did not go round")


def test_idle_takes_no_timer_interrupt(t):
    samples = [v for n, v in counts(t, "vmstat; sleep 10; vmstat", 3, 0).results if n == "vmstat"]
    t.true(samples[1]["timer_interrupts"] - samples[0]["timer_interrupts"] <= 4, "the end of the sleep, and little else")


def test_the_longest_line(t):
    counts(t, "echo " + "y" * 3995, 1, 0)


def test_bench_says_what_it_counts(t):
    note = "ticks of the time-stamp counter"
    outcome = counts(t, "bench null_call", 1, 0)
    t.equal(outcome.result("bench")["unit"], "tick", "unit")
    t.contains(outcome.text, note)
    outcome = t.run("bench null_call", "--icount", "--swap", "none")
    t.equal(outcome.result("bench")["unit"], "insn", "unit with --icount")
    t.true(note not in outcome.text, "the note with --icount")
