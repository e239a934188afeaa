# shellcheck shell=bash
# An X server of the test's own, whose screen can be looked at: sources support/root-lib.sh.
. "$(dirname "${BASH_SOURCE[0]}")/root-lib.sh"

# start_screen WIDTHxHEIGHT: sets DISPLAY.
start_screen() {
	local cookie

	mount -t tmpfs -o mode=1777 test-tmp /tmp
	install -d -m 1777 /tmp/.X11-unix
	install -d -m 0755 -o alice screen
	cookie=$(mcookie)
	touch number screen.log
	chown alice number
	install -m 0600 -o alice /dev/null /home/alice/.Xauthority
	# The number is not known yet; the server takes any cookie of its file.
	screen_cookie 0 "$cookie"
	as_user alice Xvfb -displayfd 3 -screen 0 "$1x24" -fbdir screen -nolisten tcp -noreset \
		-auth /home/alice/.Xauthority 3>number >screen.log 2>&1 &
	screen_server=$!
	eventually 20 [ -s number ] || root_lib_die "no X server: $(cat screen.log)"
	screen_cookie "$(cat number)" "$cookie"
	DISPLAY=:$(cat number)
	export DISPLAY
}

screen_cookie() { # DISPLAY COOKIE
	as_user alice xauth -q -f /home/alice/.Xauthority add "$(uname -n)/unix:$1" . "$2" 2>>screen.log
}

stop_screen() {
	kill "$screen_server" || :
	wait "$screen_server" || :
}

# screen_pixels COLOUR...: how many pixels of the screen have each of these colours, RRGGBB, in one
# line; behind the first word, which is how many colours there are. Leaves the picture in shot.png.
screen_pixels() {
	python3 - "$@" <<-'EOP'
		import collections, struct, sys, zlib

		# Xvfb keeps its screen as xwd(1) writes one.
		data = open("screen/Xvfb_screen0", "rb").read()
		header = struct.unpack(">25I", data[:100])
		size, width, height, order, bits, line, colours = (header[i] for i in (0, 4, 5, 7, 11, 12, 19))
		assert bits == 32 and header[14:17] == (0xff0000, 0xff00, 0xff)
		start = size + colours * 12
		# Bytes of a pixel: blue, green, red, none; or the other way round.
		red, green, blue = (2, 1, 0) if order == 0 else (1, 2, 3)
		rows, seen, above = [], collections.Counter(), bytes(width * 3)
		for y in range(height):
		    pixels = data[start + y * line:start + y * line + width * 4]
		    row = bytearray(width * 3)
		    row[0::3], row[1::3], row[2::3] = pixels[red::4], pixels[green::4], pixels[blue::4]
		    seen.update(memoryview(pixels).cast("I"))
		    # Filter 2: what has changed from the line above, which packs best.
		    rows.append(b"\2" + bytes((a - b) & 255 for a, b in zip(row, above)))
		    above = row

		def chunk(kind, content):
		    return (struct.pack(">I", len(content)) + kind + content +
		            struct.pack(">I", zlib.crc32(kind + content)))

		with open("shot.png", "wb") as file:
		    file.write(b"\x89PNG\r\n\x1a\n" +
		               chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
		               chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))
		# The fourth byte of a pixel means nothing.
		counts = collections.Counter()
		for pixel, count in seen.items():
		    octets = pixel.to_bytes(4, sys.byteorder)
		    counts[bytes((octets[red], octets[green], octets[blue])).hex()] += count
		print(len(counts), *(counts[colour] for colour in sys.argv[1:]))
	EOP
}
