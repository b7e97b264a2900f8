import Attestation
package import ContentAddress
import Printable

/// What shows that some events are in a log, and that it began as it was before: a signed checkpoint with proofs
/// (docs/bundle-format.md, section 5).
package struct LogExcerpt: Sendable, Hashable {
    /// A leaf, and the path that leads from it to the checkpoint's root.
    package struct Entry: Sendable, Hashable {
        /// Its place: one less than its event's number.
        package let index: Int64
        package let leaf: [UInt8]
        /// The path from below.
        package let path: [Digest]

        package init(index: Int64, leaf: [UInt8], path: [Digest]) {
            self.index = index
            self.leaf = leaf
            self.path = path
        }
    }

    /// What the log was at an earlier checkpoint, and what shows that it still begins so.
    package struct Former: Sendable, Hashable {
        package let size: Int64
        package let root: Digest
        package let path: [Digest]

        package init(size: Int64, root: Digest, path: [Digest]) {
            self.size = size
            self.root = root
            self.path = path
        }
    }

    /// The signed checkpoint.
    package let note: SignedNote
    /// What it says.
    package let checkpoint: Checkpoint
    /// In the order of their places.
    package let entries: [Entry]
    /// The smallest first.
    package let formers: [Former]

    package static let sizeLimit = 64 << 20
    private static let form: Int64 = 1

    /// Throws for a note that isn't a checkpoint's, and for proofs that don't prove.
    package init(note: [UInt8], entries: [Entry], formers: [Former]) throws(NoteError) {
        self.note = try SignedNote(parsing: note)
        checkpoint = try Checkpoint(parsing: self.note.text)
        self.entries = entries
        self.formers = formers
        try check()
    }

    private func check() throws(NoteError) {
        var last: Int64 = -1
        for entry in entries {
            guard entry.index > last else {
                throw .malformed("the entry \(entry.index) is not behind the entry \(last)")
            }
            last = entry.index
            let isIncluded = MerkleProof.includes(
                MerkleHash.leaf(entry.leaf),
                at: entry.index,
                in: checkpoint.size,
                root: checkpoint.root,
                path: entry.path
            )
            guard isIncluded else { throw .notIncluded(entry.index, size: checkpoint.size) }
        }
        last = -1
        for former in formers {
            guard former.size > last else {
                throw .malformed("the checkpoint of \(former.size) events is not behind that of \(last)")
            }
            last = former.size
            let isConsistent = MerkleProof.isConsistent(
                (former.size, former.root),
                (checkpoint.size, checkpoint.root),
                path: former.path
            )
            guard isConsistent else { throw .inconsistent(former.size, size: checkpoint.size) }
        }
    }

    /// Throws unless the log goes on from what is known of it: a log that was rewritten, that is older, or of which
    /// nothing shows that it goes on.
    package func check(against known: [Checkpoint]) throws(NoteError) {
        let known = known.filter { $0.origin == checkpoint.origin }
        if let same = known.first(where: { $0.size == checkpoint.size }) {
            guard same.root == checkpoint.root else { throw .forked(checkpoint.origin, same.size) }
            return
        }
        guard let latest = known.max(by: { $0.size < $1.size }) else { return }
        guard latest.size < checkpoint.size else {
            throw .rolledBack(checkpoint.origin, known: latest.size, found: checkpoint.size)
        }
        guard latest.size > 0 else { return }
        guard let former = formers.first(where: { $0.size == latest.size }) else {
            throw .unproved(checkpoint.origin, known: latest.size)
        }
        guard former.root == latest.root else { throw .forked(checkpoint.origin, latest.size) }
    }

    /// The canonical bytes.
    package var bytes: [UInt8] {
        func hashes(_ path: [Digest]) -> JSONValue { .array(path.map { .string($0.hex) }) }
        let entries = self.entries.map { entry -> JSONValue in
            .object([
                "index": .int(entry.index), "leaf": .string(String(decoding: entry.leaf, as: UTF8.self)),
                "path": hashes(entry.path),
            ])
        }
        let formers = self.formers.map { former -> JSONValue in
            .object([
                "size": .int(former.size), "root": .string(former.root.hex), "path": hashes(former.path),
            ])
        }
        return CanonicalJSON.encode(
            .object([
                "binderyLog": .int(Self.form),
                "checkpoint": .string(String(decoding: note.bytes, as: UTF8.self)),
                "entries": .array(entries),
                "formerCheckpoints": .array(formers),
            ])
        )
    }

    /// Reads what ``bytes`` writes, and nothing else.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.sizeLimit else { throw .malformed("it is longer than 64 MiB") }
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw .malformed("it is not JSON that can be read in one way")
        }
        guard case .object(let members) = value, case .int(let form)? = members["binderyLog"] else {
            throw .malformed("it is not an excerpt of a log: it has no member 'binderyLog'")
        }
        guard form == Self.form else { throw .malformed("its binderyLog is \(form); \(Self.form) is expected") }
        guard case .string(let note)? = members["checkpoint"], case .array(let entries)? = members["entries"],
            case .array(let formers)? = members["formerCheckpoints"]
        else { throw .malformed("it lacks one of checkpoint, entries and formerCheckpoints") }
        var read: (entries: [Entry], formers: [Former]) = ([], [])
        for entry in entries {
            guard case .object(let members) = entry, case .int(let index)? = members["index"],
                case .string(let leaf)? = members["leaf"]
            else { throw .malformed("an entry has other members than index, leaf and path") }
            let path = try Self.path(members["path"], of: "the entry \(index)")
            read.entries.append(Entry(index: index, leaf: Array(leaf.utf8), path: path))
        }
        for former in formers {
            guard case .object(let members) = former, case .int(let size)? = members["size"],
                case .string(let root)? = members["root"], let digest = try? Digest(hex: root)
            else { throw .malformed("a former checkpoint has other members than size, root and path") }
            let path = try Self.path(members["path"], of: "the checkpoint of \(size) events")
            read.formers.append(Former(size: size, root: digest, path: path))
        }
        try self.init(note: Array(note.utf8), entries: read.entries, formers: read.formers)
        // One form for each content: what is signed and what is read can't differ.
        guard self.bytes == bytes else { throw .malformed("it is not written as docs/bundle-format.md says") }
    }

    // No tree has more levels.
    private static let longestPath = 64

    private static func path(_ value: JSONValue?, of owner: String) throws(NoteError) -> [Digest] {
        guard case .array(let hashes)? = value else { throw .malformed("\(owner) has no path") }
        guard hashes.count <= longestPath else {
            throw .malformed("the path of \(owner) has \(hashes.count) hashes; no log has more than \(longestPath)")
        }
        var path: [Digest] = []
        for hash in hashes {
            guard case .string(let text) = hash, let digest = try? Digest(hex: text) else {
                throw .malformed("the path of \(owner) has something that is not a hash of 64 digits")
            }
            path.append(digest)
        }
        return path
    }
}
