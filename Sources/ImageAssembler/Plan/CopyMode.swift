/// What `--chmod` does to a mode, where chmod(1) and BuildKit agree.
struct CopyMode: Hashable, Sendable {
    /// The mode as it was read.
    let text: String
    private let own: ModeChange
    private let buildKits: ModeChange

    /// Reads a mode; nil when it is malformed, or one that BuildKit takes for less than it says.
    init?(_ text: String) {
        guard let own = ModeChange(text), let buildKits = ModeChange(text, as: .buildKit) else { return nil }
        (self.text, self.own, self.buildKits) = (text, own, buildKits)
    }

    /// The mode that a file or directory gets; nil where the two would give it different ones.
    func apply(to mode: UInt16, isDirectory: Bool) -> UInt16? {
        let result = own.apply(to: mode, isDirectory: isDirectory)
        return result == buildKits.apply(to: mode, isDirectory: isDirectory) ? result : nil
    }
}
