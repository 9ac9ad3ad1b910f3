# Runs a command with its stderr in a terminal on which somebody pressed Ctrl+S: stopped-terminal.py FILE [--as-nobody] COMMAND…
# SIGUSR1 is Ctrl+Q: what the terminal shows from then on is in FILE. Ends with the command's exit code.

import os, pty, select, signal, subprocess, sys, tty

shown, *command = sys.argv[1:]
nobody = command[0] == "--as-nobody"
if nobody:
    command = command[1:]
controller, terminal = pty.openpty()
# As it comes, but for Ctrl+S and Ctrl+Q.
attributes = tty.tcgetattr(terminal)
attributes[1] = 0
tty.tcsetattr(terminal, tty.TCSANOW, attributes)
os.write(controller, b"\x13")
running = False


def go_on(*_):
    global running
    running = True
    os.write(controller, b"\x11")


open(shown, "wb").close()
signal.signal(signal.SIGUSR1, go_on)
child = subprocess.Popen(command, stderr=terminal, **({"user": 65534, "group": 65534} if nobody else {}))
os.close(terminal)
with open(shown, "ab", buffering=0) as file:
    while child.poll() is None or running:
        ready, _, _ = select.select([controller] if running else [], [], [], 0.02)
        if ready:
            try:
                file.write(os.read(controller, 65536))
            except OSError:
                break
        elif child.poll() is not None:
            break
sys.exit(child.wait())
