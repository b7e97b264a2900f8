package import Attestation
import ContentAddress
import Printable

/// A text that keys have signed (C2SP signed-note 1.0.0).
package struct SignedNote: Sendable, Hashable {
    /// A line below the text: whose signature it is, and its bytes.
    package struct Signature: Sendable, Hashable {
        package let name: String
        /// The hash of the key, and what the key has signed behind it.
        package let bytes: [UInt8]

        /// The line, with its line feed.
        package var line: String { "\u{2014} \(name) \(Base64.encode(bytes))\n" }
    }

    /// The text that is signed, with its last line feed.
    package let text: String
    /// At least one.
    package let signatures: [Signature]

    package static let sizeLimit = 1 << 20
    static let signatureLimit = 100

    /// Signs a text of lines that ends with a line feed, by the Ed25519 key of a name.
    package init(signing text: String, as name: String, by signer: some Signing) throws {
        let verifier = try NoteVerifier(name: name, key: signer.publicKey)
        self.text = text
        let signature = try signer.signature(over: Array(text.utf8))
        signatures = [Signature(name: name, bytes: verifier.keyHash + signature)]
    }

    init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note; its signatures are yet to be verified.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.sizeLimit, let whole = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("it is not UTF-8, or longer than 1 MiB")
        }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }) else { throw .malformed("it has control characters") }
        // The last empty line is the end of the text: the text itself may have such lines.
        guard let end = bytes.indices.last(where: { $0 > 0 && bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A }),
            bytes.last == 0x0A, whole.utf8.count == bytes.count
        else { throw .malformed("no empty line separates text and signatures") }
        text = String(decoding: bytes[..<end], as: UTF8.self)
        var signatures: [Signature] = []
        let lines = bytes[(end + 1)...].split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        guard !lines.isEmpty, lines.count <= Self.signatureLimit else {
            throw .malformed("it has \(lines.count) signatures; 1 to \(Self.signatureLimit) are expected")
        }
        for line in lines {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, words[0] == "\u{2014}", NoteVerifier.isName(String(words[1])),
                let bytes = Base64.decode(String(words[2])), bytes.count > NoteVerifier.hashCount
            else { throw .malformed("'\(printable(line))' is not a signature's line") }
            signatures.append(Signature(name: String(words[1]), bytes: bytes))
        }
        self.signatures = signatures
    }

    /// The note's bytes.
    package var bytes: [UInt8] {
        Array((text + "\n" + signatures.map(\.line).joined()).utf8)
    }

    /// Whether a signature says that it is this key's; only ``verify(by:)`` tells whether it is.
    package func hasSignature(of verifier: NoteVerifier) -> Bool { !signatures(of: verifier).isEmpty }

    func signatures(of verifier: NoteVerifier) -> [Signature] {
        signatures.filter { $0.name == verifier.name && $0.bytes.starts(with: verifier.keyHash) }
    }

    /// Throws unless the note has a signature of the key; one in its name that doesn't verify is refused.
    package func verify(by verifier: NoteVerifier) throws(NoteError) {
        let own = signatures(of: verifier)
        guard !own.isEmpty else { throw .unsigned(by: verifier.name) }
        for signature in own {
            guard verifier.verifies(signature, of: text) else { throw .badSignature(of: verifier.name) }
        }
    }
}

/// Why a note isn't accepted.
package enum NoteError: Error, Hashable, CustomStringConvertible {
    /// It isn't a note, a checkpoint or a key of one.
    case malformed(String)
    /// It has no signature of that key.
    case unsigned(by: String)
    /// The signature in a key's name isn't that key's.
    case badSignature(of: String)
    /// The path of an entry doesn't lead to the checkpoint's root.
    case notIncluded(Int64, size: Int64)
    /// A log doesn't begin with what it was at an earlier checkpoint.
    case inconsistent(Int64, size: Int64)
    /// Two checkpoints of a log and a size have different roots.
    case forked(String, Int64)
    /// A log is shorter than it was.
    case rolledBack(String, known: Int64, found: Int64)
    /// Nothing shows that a log goes on from the checkpoint that is known.
    case unproved(String, known: Int64)
    /// A line of a policy can't be used.
    case policy(line: Int, String)
    /// No log of a policy is the checkpoint's.
    case unknownLog(String)
    /// Too few of a policy's witnesses have signed a checkpoint.
    case unwitnessed(String, size: Int64, by: [String])
    /// What a witness answered has no signature that is new.
    case noNewSignature
    /// A checkpoint is of another log than the one that it is held against.
    case otherLog(String, own: String)
    /// What is sent to a witness begins at another checkpoint than the last one that it signed.
    case otherStart(String, known: Int64, given: Int64)

    /// One line for a person.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .malformed(let reason): "the note can't be used: \(message: reason)"
        case .unsigned(let name): "the note has no signature of '\(name)'"
        case .badSignature(let name): "the note's signature in the name of '\(name)' is not that key's"
        case .notIncluded(let index, let size):
            "the entry \(index) is not in the log of \(size) events: its path leads to another root"
        case .inconsistent(let old, let size):
            "the log of \(size) events doesn't begin with the one of \(old): its proof leads to another root"
        case .forked(let origin, let size):
            "the log '\(origin)' was forked: its checkpoint of \(size) events has another root than the known one"
        case .rolledBack(let origin, let known, let found):
            "the log '\(origin)' was rolled back: it has \(found) events, and had \(known)"
        case .unproved(let origin, let known):
            "nothing shows that the log '\(origin)' goes on from the \(known) events that are known: export it again, after "
                + "`bindery log verify` in the store that it comes from"
        case .policy(let line, let reason): "line \(line) of the policy can't be used: \(message: reason)"
        case .unknownLog(let origin): "the policy lists no key of a log named '\(origin)'"
        case .unwitnessed(let origin, let size, let names):
            "the checkpoint of the log '\(origin)' with \(size) events lacks signatures of witnesses: the policy asks for "
                + (names.isEmpty ? "some, and there are none" : "more than \(names.joined(separator: ", "))")
        case .noNewSignature:
            "the answer has no signature of the policy's witnesses that a kept checkpoint lacks"
        case .otherLog(let origin, let own):
            "the checkpoint is of the log '\(origin)', and this store's log is '\(own)'"
        case .otherStart(let origin, let known, let given):
            "the last checkpoint of the log '\(origin)' that was signed here has \(known) events, and the request begins "
                + "at \(given): make it again with --old \(known)"
        }
    }
}
