"""What tools/run is made of: options, build, image, emulator, console, session."""
