"""Servers that are killed under load: started again, and nothing is lost."""

KILLS = ("vmstat; stress --procs 4 --pages 2500 --pattern random --rounds 3 --verify & sleep 0.7; kill swap; sleep 0.3; "
         "kill DRIVER; sleep 0.2; kill DRIVER; kill swap; wait %1; check; vmstat")


def killed_in_mid_swap(t, *options, driver="ata"):
    outcome = t.run(KILLS.replace("DRIVER", driver), "--ram", "16M", "--swap", "64M", *options)
    seen = outcome.result("stress")
    t.equal(seen["lost"], 0, "lost")
    t.true(seen["swap_in"] > 1000, "only %d pages came back from swap" % seen["swap_in"])
    t.equal(outcome.result("check")["unowned"], 0, "unowned")
    t.equal(outcome.result("check")["errors"], 0, "errors")
    locked = [values["frames_locked"] for name, values in outcome.results if name == "vmstat"]
    t.equal(locked[1], locked[0], "frames_locked: the buffers of a driver that died are back")
    for name in ("swap", "disk"):
        t.equal(outcome.text.count("init: %s ended with status 137 and is started again" % name), 2, name)


def test_swap_and_disk_driver_with_dma(t):
    killed_in_mid_swap(t)


def test_swap_and_disk_driver_without_dma(t):
    killed_in_mid_swap(t, "--machine", "isapc")


def test_swap_and_virtio_driver(t):
    killed_in_mid_swap(t, "--swap-on", "virtio", driver="virtio_blk")


def test_console(t):
    outcome = t.run("kill console; echo it is back", "--swap", "none")
    t.contains(outcome.text, "init: console ended with status 137 and is started again")
    t.contains(outcome.text, "\nit is back\n")
