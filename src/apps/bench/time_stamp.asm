; uint64_t time_stamp(void): the processor's time-stamp counter; under --icount it counts instructions.

bits 32
section .text
global time_stamp

time_stamp:
    rdtsc
    ret
