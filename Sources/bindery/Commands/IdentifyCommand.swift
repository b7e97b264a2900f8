import ArgumentParser
import ArtifactStore
import ContentAddress
import Glibc
import ImageAuditor
import Printable
import Release
import Shapes
import SystemIO

struct IdentifyCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Says which release files are from, or which they are most similar to.",
        discussion: """
            Directories are searched, - is standard input. A digest, or 7 of its digits, stands for a file that isn't here. Ends with
            status 1 when any file is from no release.

            Examples:
              bindery identify ./agent /usr/local/bin
              ssh host cat /usr/bin/agent | bindery identify -
              bindery identify sha256:2c26b46b68ff
            """
    )

    @Argument(help: "Files and directories; - is standard input.", completion: .file())
    var paths: [String] = []

    @Option(
        help: ArgumentHelp("Further files, one a line; '-' reads the list from standard input.", valueName: "file"),
        completion: .file()
    )
    var filesFrom: String?

    @Flag(help: "Look into archives and images that aren't released, too: at their files, and at an image's verdict.")
    var inside = false

    // What a file is called that comes without its name: similar contents are looked for under it.
    @Option(help: .hidden)
    var called: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            let inputs = paths.filter { $0 == "-" }.count + (filesFrom == "-" ? 1 : 0)
            complaints.require(!paths.isEmpty || filesFrom != nil, "give files or directories, or --files-from")
            complaints.require(inputs < 2, "standard input can be read once")
        }
    }

    func run() throws {
        let paths = try self.paths + (filesFrom.map(NameList.read) ?? [])
        guard !paths.isEmpty else { throw UsageError(description: "--files-from \(filesFrom ?? "") names no file") }
        let store = try options.openForReading()
        let identifier = try FileIdentifier(store: store)
        let progress = Progress("identifying", total: nil)
        defer { progress.finish() }
        var found: [Identification] = []
        var contents: [Int: InsideShape] = [:]
        func add(_ file: borrowing File, _ path: [UInt8]) throws {
            let name = called.flatMap { $0.isEmpty ? nil : Array($0.utf8) } ?? path
            let identification = try identifier.identify(file, path: name) { progress.add($0) }
            if inside, !identification.isReleased { contents[found.count] = try InsideShape(file, name, store) }
            found.append(identification)
        }
        var passedOver: [String: Int] = [:]
        for path in paths {
            if path == "-" {
                let file = try InputFile.open(path)
                try add(file, Array("-".utf8))
            } else if let digest = try digest(path, store) {
                found.append(try identifier.identify(digest, path: Array(path.utf8)))
            } else {
                try search(path, &passedOver) { try add($0, $1) }
            }
        }
        progress.finish()
        if !passedOver.isEmpty {
            let kinds = passedOver.sorted { $0.key < $1.key }.map { ByteCount.counted($0.value, $0.key) }
            Output.note("passed over: \(kinds.joined(separator: ", "))")
        }
        guard !found.isEmpty else {
            throw UsageError(description: "there is no file in \(paths.joined(separator: ", "))")
        }
        let withdrawn = try store.withdrawn(Set(found.filter { !$0.isReleased }.map(\.digest)))
        let marks = try store.revocationMarks()
        if options.json {
            let shapes = found.enumerated().map { place, file in
                Shape(file, inside: contents[place], withdrawn: withdrawn[file.digest] ?? [], marks)
            }
            try Output.json(["files": shapes])
        } else {
            for (place, file) in found.enumerated() {
                print(file, withdrawn: withdrawn[file.digest] ?? [], marks)
                for line in contents[place]?.lines ?? [] { Output.line("  \(line)") }
            }
        }
        let isDenied = found.contains { file in
            marks.mark(on: file.digest, of: file.releases)?.level == .denied
        }
        if isDenied || !found.allSatisfy(\.isReleased) { throw ExitStatus.no }
    }

    // A file of that spelling goes before a digest.
    private func digest(_ text: String, _ store: Store) throws -> Digest? {
        (try? FileStatus.of(text)) == nil ? try store.digest(named: text) : nil
    }

    // Symbolic links are followed where they are named on the command line, and passed over in directories.
    private func search(
        _ path: String,
        _ passedOver: inout [String: Int],
        _ body: (borrowing File, [UInt8]) throws -> Void
    ) throws {
        let kind: FileStatus.Kind
        do { kind = try FileStatus.of(path).kind } catch {
            guard error.isNotFound else { throw error }
            let hint = "it is neither a file nor a digest; `bindery show` takes releases and images"
            throw StoreError.notFound(what: "'\(path)'", hint: hint)
        }
        switch kind {
        case .directory:
            // What is in it stands behind one slash.
            let end = path.utf8.lastIndex { $0 != UInt8(ascii: "/") }.map { path.utf8.index(after: $0) }
            let name = Array(path.utf8[..<(end ?? path.utf8.startIndex)])
            try search(File.open(path, O_RDONLY | O_DIRECTORY), name, &passedOver, body)
        case .file: try body(File.open(path), Array(path.utf8))
        case .symbolicLink, .pipe, .socket, .characterDevice, .blockDevice, .other:
            throw StoreError.notARegularFile(path: path, kind: kind)
        }
    }

    // Names are bytes, and needn't be UTF-8.
    private func search(
        _ directory: borrowing File,
        _ path: [UInt8],
        _ passedOver: inout [String: Int],
        _ body: (borrowing File, [UInt8]) throws -> Void
    ) throws {
        for name in try Directory.rawNames(of: directory) {
            let inner = path + [UInt8(ascii: "/")] + name
            let file: File
            do throws(SystemError) {
                file = try File.open(name, in: directory, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            } catch {
                // A symbolic link, or a socket.
                guard error.code == ELOOP || error.code == ENXIO else { throw error }
                let kind: FileStatus.Kind = error.code == ELOOP ? .symbolicLink : .socket
                passedOver[kind.rawValue, default: 0] += 1
                continue
            }
            let kind = try file.status().kind
            switch kind {
            case .directory: try search(file, inner, &passedOver, body)
            case .file: try body(file, inner)
            case .symbolicLink, .pipe, .socket, .characterDevice, .blockDevice, .other:
                passedOver[kind.rawValue, default: 0] += 1
            }
        }
    }

    private func print(_ file: Identification, withdrawn: [Tombstone], _ marks: RevocationMarks) {
        let path: Message = "\(bytes: file.path)"
        let found = Self.marks(on: file, withdrawn, marks)
        guard file.artifacts.isEmpty else {
            Output.line(Style.green(path) + "  \(Self.keys(of: file.artifacts))")
            for mark in found { Output.line(Style.yellow("  \(mark.subject) is ") + mark.words) }
            return
        }
        if file.isReleased {
            let names = file.packedArchives.map(\.description).joined(separator: "; ")
            Output.line(Style.green(path) + "  \(names)")
            for mark in found { Output.line(Style.yellow("  \(mark.subject) is ") + mark.words) }
            return
        }
        let packed = file.isPacked ? ", packed by UPX" : ""
        Output.line(Style.yellow(path) + "  no release has \(file.digest.short)\(packed)")
        for stone in withdrawn { Output.line("  it is \(stone.summary)") }
        for mark in found { Output.line(Style.yellow("  \(mark.subject) is ") + mark.words) }
        for place in file.archives.prefix(3) { Output.line("  it is \(place.description)") }
        for match in file.near.prefix(3) { Output.line("  \(match.summary)\(marks.words(on: match.artifacts))") }
        for similar in file.alike.prefix(3) {
            guard let artifact = similar.artifacts.first else { continue }
            let percent = "\(similar.thousandths / 10).\(similar.thousandths % 10) %"
            Output.line("  \(percent) of its bytes are those of \(artifact.key)")
        }
    }

    /// The keys with the platforms of one file behind each other: a universal file is released for several.
    private static func keys(of artifacts: [Artifact]) -> String {
        var lines: [String] = []
        for (place, artifact) in artifacts.enumerated() {
            let key = artifact.key
            let isSame = { (other: ArtifactKey) in other.release == key.release && other.file == key.file }
            guard !artifacts[..<place].contains(where: { isSame($0.key) }) else { continue }
            let platforms = artifacts.filter { isSame($0.key) }.map { "\($0.key.platform)" }.joined(separator: ", ")
            lines.append("\(key.name) \(key.version) \(platforms)" + (key.isProgram ? "" : " \(key.file)"))
        }
        return lines.joined(separator: "; ")
    }

    private static func marks(
        on file: Identification,
        _ withdrawn: [Tombstone],
        _ marks: RevocationMarks
    ) -> [Revocation] {
        marks.marks(on: file.digest, of: file.releases + withdrawn.map(\.key.release))
    }

    private struct Shape: Encodable {
        struct Near: Encodable {
            let artifacts: [ArtifactShape]
            let evidence: [NearMatch.Evidence]
            let changed: [String]
            let added: [String]
            let missing: [String]
            let revocations: [RevocationShape]
        }

        struct Alike: Encodable {
            let artifacts: [ArtifactShape]
            let thousandths: Int
        }

        let path: String
        let pathHex: String?
        let digest: Digest
        let size: Int64?
        let artifacts: [ArtifactShape]
        let near: [Near]
        let alike: [Alike]
        let packed: Bool
        let archives: [ArchivedFileShape]
        let packedArchives: [PackedArchiveShape]
        let withdrawn: [TombstoneShape]
        let revocations: [RevocationShape]
        let inside: InsideShape?

        init(_ file: Identification, inside: InsideShape?, withdrawn: [Tombstone], _ marks: RevocationMarks) {
            revocations = IdentifyCommand.marks(on: file, withdrawn, marks).map(RevocationShape.init)
            self.inside = inside
            packedArchives = file.packedArchives.map(PackedArchiveShape.init)
            self.withdrawn = withdrawn.map(TombstoneShape.init)
            path = String(decoding: file.path, as: UTF8.self)
            // Only for names that the text can't show.
            pathHex = Array(path.utf8) == file.path ? nil : Hexadecimal.encode(file.path)
            digest = file.digest
            size = file.size
            artifacts = file.artifacts.map(ArtifactShape.init)
            packed = file.isPacked
            archives = file.archives.map(ArchivedFileShape.init)
            near = file.near.map { match in
                Near(
                    artifacts: match.artifacts.map(ArtifactShape.init),
                    evidence: match.evidence,
                    changed: match.changed,
                    added: match.added,
                    missing: match.missing,
                    revocations: marks.marks(on: match.artifacts).map(RevocationShape.init)
                )
            }
            alike = file.alike.map {
                Alike(artifacts: $0.artifacts.map(ArtifactShape.init), thousandths: $0.thousandths)
            }
        }
    }
}
