import Archive
package import ContentAddress
import Glibc
import Printable
package import SystemIO

/// The files of an archive, unpacked into a directory that goes with this value.
///
/// All of them or none: a release has regular files only, each once, and none outside of it.
package final class UnpackedArchive {
    /// A file of the archive.
    struct Member {
        /// Its path inside the archive.
        var path: String
        /// Where its bytes are.
        let file: String
        /// Whether its mode says that it is started.
        let isExecutable: Bool
        /// Whether its mode has set-id bits, which no release keeps.
        let hasSetID: Bool
    }

    /// Its files in the order of their paths' bytes.
    private(set) var members: [Member] = []
    /// The digest of the archive itself.
    package let digest: Digest

    private let source: String
    private let directory: String
    private var problems: [String] = []
    private static let largestProblemCount = 8

    /// Unpacks an archive; throws ``UnusableFiles`` that names all members which can't be unpacked.
    package convenience init(_ path: String) throws {
        let file = try File.open(path, O_RDONLY | O_NONBLOCK)
        let kind = try file.status().kind
        guard kind == .file else { throw UnusableFiles(description: "\(path) is a \(kind.rawValue), not an archive") }
        try self.init(file, named: path)
    }

    /// Unpacks an archive that is open, and is called `path` in messages.
    ///
    /// `fileName` is what it is called itself, by which a compressed file without an archive in it goes; the end of `path`
    /// where it is nil.
    package init(_ archive: borrowing File, named path: String, fileName: String? = nil) throws {
        source = path
        let parent = Directory.temporary
        directory = "\(parent)/bindery-unpacked.\(UInt64.random(in: .min ... .max))"
        let file = try Self.copy(archive, in: parent)
        let mapped = try MappedFile(file)
        digest = Digest.of(mapped.bytes)
        try Directory.create(directory, mode: 0o700)
        let prefix = UnsafeRawBufferPointer(rebasing: mapped.bytes.prefix(ArchiveFormat.prefixLength))
        let suffix = UnsafeRawBufferPointer(rebasing: mapped.bytes.suffix(ArchiveFormat.suffixLength))
        let appended: ArchiveFormat? = ArchiveFormat.endsAsZip(suffix) ? .zip : nil
        guard let format = ArchiveFormat(detecting: prefix) ?? appended else {
            if let unread = UnreadArchive(detecting: prefix) {
                throw UnusableFiles(description: "\(path) is \(unread.words)")
            }
            throw UnusableFiles(
                description: "\(path) is not an archive: --unpack takes tar, zip, deb, rpm, apk and cpio"
            )
        }
        let name = Array(Directory.lastComponent(of: fileName ?? path).utf8)
        var writer = MemberWriter(directory: directory)
        do {
            try ArchiveReader.read(mapped.bytes, as: format, name: name, budget: WorkBudget()) { event in
                if let problem = try writer.take(event) { note(problem) }
            }
        } catch let error as SystemError {
            throw error
        } catch {
            throw UnusableFiles(description: "\(path) can't be unpacked: \(error)")
        }
        guard problems.isEmpty else {
            let more =
                problems.count > Self.largestProblemCount
                ? "\n… and \(problems.count - Self.largestProblemCount) more" : ""
            throw UnusableFiles(
                description: problems.prefix(Self.largestProblemCount).joined(separator: "\n") + more
                    + "\nNothing was unpacked: only regular files are, each to a path of its own."
            )
        }
        guard !writer.members.isEmpty else { throw UnusableFiles(description: "\(path) has no files") }
        members = writer.members.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    deinit {
        try? Directory.removeTree(directory)
    }

    /// The names, for messages, of files whose mode has set-id bits, which no release keeps.
    package var filesWithSetID: [String] {
        members.filter(\.hasSetID).map { "\(source): \(printable($0.path))" }
    }

    /// Leaves out the one directory that holds everything, where it is called like the release: `tool_1.2.3_linux_amd64`.
    func stripDirectory(of name: String) {
        guard let first = members.first?.path.split(separator: "/").first, first.hasPrefix(name),
            members.allSatisfy({ $0.path.hasPrefix(first + "/") })
        else { return }
        for index in members.indices { members[index].path.removeFirst(first.count + 1) }
    }

    private func note(_ problem: String) { problems.append("\(source): \(problem)") }

    // A mapped file mustn't change.
    private static func copy(_ source: borrowing File, in directory: String) throws -> File {
        let target = try File.unnamed(in: directory)
        try target.copyContents(of: source, expectedSize: source.status().size)
        return target
    }
}

/// Writes the members of an archive to files with numbers for names.
private struct MemberWriter: ~Copyable {
    let directory: String
    private(set) var members: [UnpackedArchive.Member] = []
    private var places: [String: Int] = [:]
    private var current: (path: String, member: ArchiveMember)?
    private var file: File?
    private var count = 0

    init(directory: String) {
        self.directory = directory
    }

    /// What is wrong with a member; nil when nothing is.
    mutating func take(_ event: ArchiveEvent) throws -> String? {
        switch event {
        case .member(let member): return try begin(member)
        case .content(let bytes):
            try file?.write(bytes)
            return nil
        case .end:
            if let current { add(current.path, current.member, at: place(count)) }
            if let member = current?.member { try file?.setMode(mode_t(member.mode & 0o777 | 0o400)) }
            close()
            return nil
        case .failed(let error):
            let name = current.map { printable($0.member.path) } ?? "a member"
            close()
            return "\(name): \(error)"
        }
    }

    private mutating func begin(_ member: ArchiveMember) throws -> String? {
        let name = printable(member.path)
        guard member.kind != .directory else { return nil }
        guard let relative = member.relativePath, let path = String(validating: relative, as: UTF8.self) else {
            return member.relativePath == nil ? "\(name) leads out of it" : "the name \(name) isn't UTF-8"
        }
        guard member.kind == .file || member.kind == .hardLink else {
            return "\(name) is a \(Self.word(member.kind)), and only regular files are unpacked"
        }
        guard places[path] == nil else { return "\(name) is in it twice" }
        if member.kind == .hardLink {
            let target = ArchiveMember.relative(member.linkName).flatMap { String(validating: $0, as: UTF8.self) }
            guard let index = target.flatMap({ places[$0] }) else {
                return "\(name) is a link to \(printable(member.linkName)), which isn't before it"
            }
            places[path] = index
            let first = members[index]
            members.append(
                .init(path: path, file: first.file, isExecutable: first.isExecutable, hasSetID: first.hasSetID)
            )
            return nil
        }
        count += 1
        current = (path, member)
        file = try File.open(place(count), O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        return nil
    }

    private mutating func add(_ path: String, _ member: ArchiveMember, at place: String) {
        places[path] = members.count
        members.append(
            .init(
                path: path,
                file: place,
                isExecutable: member.mode & 0o111 != 0,
                hasSetID: member.mode & 0o6000 != 0
            )
        )
    }

    private mutating func close() {
        current = nil
        file = nil
    }

    private func place(_ number: Int) -> String { "\(directory)/\(number)" }

    private static func word(_ kind: TarEntry.Kind) -> String {
        switch kind {
        case .symbolicLink: "symbolic link"
        case .characterDevice, .blockDevice: "device"
        case .pipe: "pipe"
        case .file, .hardLink, .directory, .other: "special file"
        }
    }
}
