import Printable

/// Which checkpoints count: by the keys of which logs, and with the signatures of which witnesses (C2SP tlog-policy).
package struct LogPolicy: Sendable {
    /// The keys of logs, each under its log's name.
    package let logs: [NoteVerifier]
    /// The keys of witnesses, in their order.
    package let witnesses: [NoteVerifier]
    private let rule: Rule

    /// What has to have signed.
    private indirect enum Rule {
        case nobody
        case witness(NoteVerifier)
        case group(threshold: Int, [Rule])

        func holds(_ signed: Set<NoteVerifier>) -> Bool {
            switch self {
            case .nobody: true
            case .witness(let key): signed.contains(key)
            case .group(let threshold, let members): members.count { $0.holds(signed) } >= threshold
            }
        }
    }

    /// The most bytes of a policy.
    package static let sizeLimit = 1 << 20

    /// Reads the file.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        var reader = Reader()
        guard bytes.count <= Self.sizeLimit else { throw .policy(line: 1, "the file is longer than 1 MiB") }
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .policy(line: number + 1, "it has control characters")
            }
            let words = line.split { $0 == 0x20 || $0 == 0x09 }.map(Array.init)
            guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
            do {
                try reader.read(words)
            } catch {
                throw .policy(line: number + 1, error.reason)
            }
        }
        guard let quorum = reader.quorum else {
            throw .policy(line: 1, "the policy has no line 'quorum NAME', or 'quorum none'")
        }
        logs = reader.logs
        witnesses = reader.witnesses
        rule = quorum
    }

    /// Verifies a checkpoint: the witnesses that signed it.
    ///
    /// Throws unless a log of the policy, and enough of its witnesses, signed it; and for a signature in the name of one
    /// of them that isn't that key's. Signatures of others count for nothing.
    package func check(_ note: SignedNote) throws(NoteError) -> [Cosignature] {
        let checkpoint = try Checkpoint(parsing: note.text)
        let own = logs.filter { $0.name == checkpoint.origin }
        guard let first = own.first else { throw .unknownLog(checkpoint.origin) }
        try note.verify(by: own.first { note.hasSignature(of: $0) } ?? first)
        var signed: [Cosignature] = []
        for witness in witnesses {
            if let cosignature = try note.cosignature(of: witness) { signed.append(cosignature) }
        }
        guard rule.holds(Set(signed.map(\.witness))) else {
            throw .unwitnessed(checkpoint.origin, size: checkpoint.size, by: signed.map(\.witness.name))
        }
        return signed
    }

    private struct Problem: Error {
        let reason: String
    }

    /// What the lines so far define.
    ///
    /// Names are bytes: texts are equal that have others.
    private struct Reader {
        var logs: [NoteVerifier] = []
        var witnesses: [NoteVerifier] = []
        var quorum: Rule?
        private var rules: [[UInt8]: Rule] = [:]
        private var members: Set<[UInt8]> = []

        private static let none = Array("none".utf8)
        // Groups in groups are as deep as there are of them.
        private static let mostNames = 1000

        mutating func read(_ words: [[UInt8]]) throws(Problem) {
            guard rules.count + logs.count < Self.mostNames else {
                throw Problem(reason: "there are more than \(Self.mostNames) logs, witnesses and groups")
            }
            switch String(decoding: words[0], as: UTF8.self) {
            case "log":
                guard (2...3).contains(words.count) else { throw Problem(reason: "'log KEY [URL]' is expected") }
                let key = try key(words[1], .note, among: logs)
                logs.append(key)
            case "witness":
                guard (3...4).contains(words.count) else {
                    throw Problem(reason: "'witness NAME KEY [URL]' is expected")
                }
                let key = try key(words[2], .cosignature, among: witnesses)
                try define(words[1], as: .witness(key))
                witnesses.append(key)
            case "group": try readGroup(words)
            case "quorum":
                guard words.count == 2 else { throw Problem(reason: "'quorum NAME' is expected") }
                guard quorum == nil else { throw Problem(reason: "there is a quorum already") }
                quorum = words[1] == Self.none ? .nobody : try rule(words[1])
            default: throw Problem(reason: "'\(Self.text(words[0]))' is none of log, witness, group and quorum")
            }
        }

        private mutating func readGroup(_ words: [[UInt8]]) throws(Problem) {
            guard words.count >= 4 else { throw Problem(reason: "'group NAME all|any|NUMBER NAME…' is expected") }
            var group: [Rule] = []
            for name in words[3...] {
                group.append(try rule(name))
                guard members.insert(name).inserted else {
                    throw Problem(reason: "'\(Self.text(name))' is a member of a group already")
                }
            }
            let threshold: Int
            switch String(decoding: words[2], as: UTF8.self) {
            case "any": threshold = 1
            case "all": threshold = group.count
            case let text:
                guard let number = Int(text), "\(number)" == text, (1...group.count).contains(number) else {
                    let word = Self.text(words[2])
                    throw Problem(reason: "'\(word)' is neither all, any, nor a number from 1 to \(group.count)")
                }
                threshold = number
            }
            try define(words[1], as: .group(threshold: threshold, group))
        }

        private mutating func define(_ name: [UInt8], as rule: Rule) throws(Problem) {
            guard name != Self.none, rules[name] == nil else {
                throw Problem(reason: "'\(Self.text(name))' is defined already")
            }
            rules[name] = rule
        }

        private func rule(_ name: [UInt8]) throws(Problem) -> Rule {
            guard let rule = rules[name] else {
                throw Problem(reason: "'\(Self.text(name))' is not defined on a line before")
            }
            return rule
        }

        private func key(
            _ word: [UInt8],
            _ kind: NoteVerifier.Kind,
            among known: [NoteVerifier]
        ) throws(Problem) -> NoteVerifier {
            let key: NoteVerifier
            do {
                key = try NoteVerifier(parsing: String(decoding: word, as: UTF8.self))
            } catch {
                throw Problem(reason: "'\(Self.text(word))' is not an Ed25519 verifier key, name+hash+key")
            }
            guard key.kind == kind else {
                let wanted = kind == .note ? "a log's" : "a witness's"
                throw Problem(
                    reason: "the key of '\(printable(key.name))' is not \(wanted): its type is \(key.kind.rawValue)"
                )
            }
            guard !known.contains(where: { $0.key == key.key }) else {
                throw Problem(reason: "the key of '\(printable(key.name))' is there already")
            }
            return key
        }

        private static func text(_ name: [UInt8]) -> String {
            printable(String(decoding: name, as: UTF8.self), limit: 120)
        }
    }
}
