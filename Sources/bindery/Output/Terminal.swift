import Glibc

/// What is known of the terminal that a stream leads to.
enum Terminal {
    /// How many columns it has; nil where the stream is not a terminal.
    static func columns(of descriptor: CInt) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usual }
        return Int(size.ws_col)
    }

    /// What a terminal has that doesn't say.
    private static let usual = 80
}
