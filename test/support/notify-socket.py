# A datagram socket as that of a service manager: prints what it is told, one line per assignment. notify-socket.py PATH

import socket, sys

listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listening.bind(sys.argv[1])
print("bound", flush=True)
while True:
    for line in listening.recv(4096).decode().splitlines():
        print(line, flush=True)
