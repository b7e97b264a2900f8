import Printable
import Synchronization

/// The commands that messages name, in backticks, to be copied: they are to act on the store of this call.
struct Hints: Sendable {
    private static let stored = Mutex<Hints?>(nil)

    /// The store's directory, as a shell reads it.
    let store: String
    /// Whether a command of that name takes `--store`.
    let takesStore: @Sendable (String) -> Bool

    /// What commands get that are printed from now on; nil where one without `--store` takes this call's store.
    static var current: Hints? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// A message whose commands name the store.
    static func completed(_ message: Message) -> Message {
        current.map { Message(verbatim: $0.completed(message.text)) } ?? message
    }

    /// The same of a text: `--store` stands behind the command's name, where it is right whatever follows.
    func completed(_ text: String) -> String {
        text.replacing(/\x60bindery (?<name>[a-z-]+)(?<rest>[^\x60\n]*)\x60/) { match in
            let (name, rest) = (String(match.name), match.rest)
            guard takesStore(name), !rest.contains("--store") else { return String(match.0) }
            return "\u{60}bindery \(name) --store \(store)\(rest)\u{60}"
        }
    }
}
