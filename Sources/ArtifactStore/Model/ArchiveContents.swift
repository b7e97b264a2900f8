package import Archive
package import ContentAddress
package import SystemIO

/// The files in a released archive, by their digests: evidence of where bytes come from, never what a release is.
package struct ArchiveContents: Hashable, Sendable {
    /// A file of the archive.
    package struct Member: Hashable, Sendable {
        /// Where it is in the archive, in raw bytes, without `./` at the start.
        package let path: [UInt8]
        /// The digest of its bytes.
        package let digest: Digest
        /// Its size in bytes.
        package let size: Int64
        /// Its permission bits.
        package let mode: UInt16
    }

    /// What kind of archive it is; nil for a file that is only called like one.
    package let format: ArchiveFormat?
    /// Its files of at least ``smallestSize`` bytes, in the archive's order, links to them included.
    package let members: [Member]
    /// Why it doesn't say all; nil when all was read.
    package let problem: String?

    /// Smaller files are evidence of nothing: many have the same bytes by chance.
    package static let smallestSize: Int64 = 16

    /// So many files of one archive are kept.
    private static let largestCount = 1 << 18

    /// Reads an open file that nobody changes; nil when it neither is an archive nor called like one.
    ///
    /// What can't be read is said in ``problem``.
    package static func read(_ file: borrowing File, name: String, budget: WorkBudget) -> ArchiveContents? {
        do {
            var prefix = [UInt8](repeating: 0, count: ArchiveFormat.prefixLength)
            let count = try prefix.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            let format = prefix.withUnsafeBytes {
                ArchiveFormat(detecting: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
            guard let format else {
                if let contents = try readAppended(file, name: name, budget: budget) { return contents }
                guard ArchiveFormat.isNamed(name) else { return nil }
                let words = UnreadArchive(detecting: prefix[..<count]).map { "it is \($0.words)" }
                let problem = words ?? "its bytes can't be read as an archive"
                return ArchiveContents(format: nil, members: [], problem: problem)
            }
            let mapped = try MappedFile(file)
            return read(mapped.bytes, as: format, name: name, budget: budget)
        } catch {
            return ArchiveContents(format: nil, members: [], problem: "\(error)")
        }
    }

    // Nil unless a zip file follows what the file begins as, and says something.
    private static func readAppended(
        _ file: borrowing File,
        name: String,
        budget: WorkBudget
    ) throws -> ArchiveContents? {
        var suffix = [UInt8](repeating: 0, count: ArchiveFormat.suffixLength)
        let start = try file.status().size - Int64(suffix.count)
        guard start > 0 else { return nil }
        let count = try suffix.withUnsafeMutableBytes { try file.read(into: $0, at: start) }
        guard count == suffix.count, suffix.withUnsafeBytes({ ArchiveFormat.endsAsZip($0) }) else { return nil }
        let mapped = try MappedFile(file)
        let contents = read(mapped.bytes, as: .zip, name: name, budget: budget)
        return contents.members.isEmpty ? nil : contents
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer,
        as format: ArchiveFormat,
        name: String,
        budget: WorkBudget
    ) -> ArchiveContents {
        var collector = MemberCollector()
        var problem: String?
        do {
            try ArchiveReader.read(bytes, as: format, name: Array(name.utf8), budget: budget) { event in
                try collector.take(event, limit: largestCount)
            }
        } catch {
            problem = "\(error)"
        }
        let members = collector.all
        return ArchiveContents(format: format, members: members, problem: problem ?? collector.failure.map { "\($0)" })
    }
}

/// Hashes the members of an archive as they come.
private struct MemberCollector: ~Copyable {
    private var members: [ArchiveContents.Member] = []
    private var links: [ArchiveMember] = []
    private var current: ArchiveMember?
    private var hasher: DigestHasher?
    private var size: Int64 = 0
    /// Why the first of the members that couldn't be read couldn't.
    private(set) var failure: ArchiveError?

    struct TooMany: Error, CustomStringConvertible {
        let limit: Int
        var description: String { "it has more than \(limit) files" }
    }

    mutating func take(_ event: ArchiveEvent, limit: Int) throws {
        switch event {
        case .member(let member):
            guard members.count + links.count < limit else { throw TooMany(limit: limit) }
            current = member.kind == .file ? member : nil
            if member.kind == .hardLink { links.append(member) }
            hasher = DigestHasher()
            size = 0
        case .content(let bytes):
            guard current != nil else { return }
            hasher?.update(bytes)
            size += Int64(bytes.count)
        case .end:
            guard let member = current else { return }
            current = nil
            guard let digest = hasher.take()?.finalize(), size >= ArchiveContents.smallestSize else { return }
            let path = member.relativePath ?? member.path
            members.append(.init(path: path, digest: digest, size: size, mode: member.mode & 0o777))
        case .failed(let error):
            current = nil
            failure = failure ?? error
        }
    }

    /// The files, and behind them the further names of those that have several.
    var all: [ArchiveContents.Member] {
        guard !links.isEmpty else { return members }
        var all = members
        var known = Dictionary(members.map { ($0.path, $0) }) { _, last in last }
        for link in links {
            let target = ArchiveMember.relative(link.linkName) ?? link.linkName
            guard let file = known[target] else { continue }
            let path = link.relativePath ?? link.path
            let member = ArchiveContents.Member(path: path, digest: file.digest, size: file.size, mode: file.mode)
            known[path] = member
            all.append(member)
        }
        return all
    }
}
