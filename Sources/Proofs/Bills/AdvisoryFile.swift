import Archive
import Glibc
package import SBOM
import SystemIO

/// Reads advisories of the OSV schema from JSON, JSON lines, a zip archive of them, or a directory.
package enum AdvisoryFile {
    /// Adds the advisories at a path to those that were read.
    package static func read(_ path: String, into all: inout AdvisoryDatabase?) throws {
        var database = all ?? AdvisoryDatabase()
        let before = database.count
        let file = try File.open(path, O_RDONLY | O_NONBLOCK)
        switch try file.status().kind {
        case .directory: try addDirectory(path, depth: 0, to: &database)
        case .file: try addFile(file, to: &database)
        case let kind: throw ProofError.advisories(path: path, reason: "it is a \(kind.rawValue)")
        }
        guard database.count > before else { throw ProofError.advisories(path: path, reason: "it has no advisory") }
        all = database
    }

    /// More bytes of one file aren't read.
    private static let largestFile = 1 << 30
    /// Directories below more others aren't read.
    private static let largestDepth = 8
    private static let suffixes = [".json", ".jsonl", ".ndjson"]
    /// What the Go vulnerability database calls the directory with the lists of its advisories.
    private static let listDirectory = "index"

    private static func addDirectory(_ directory: String, depth: Int, to database: inout AdvisoryDatabase) throws {
        guard depth <= largestDepth else {
            throw ProofError.advisories(path: directory, reason: "it is too deep in directories")
        }
        for name in try Directory.names(in: directory).sorted() {
            let path = "\(directory)/\(name)"
            switch try FileStatus.ofLink(path).kind {
            case .directory where name != listDirectory && !name.hasPrefix("."):
                try addDirectory(path, depth: depth + 1, to: &database)
            case .file where suffixes.contains(where: name.hasSuffix):
                try addFile(File.open(path, O_RDONLY | O_NONBLOCK), to: &database)
            default: break
            }
        }
    }

    private static func addFile(_ file: borrowing File, to database: inout AdvisoryDatabase) throws {
        let bytes = try file.readBytes(limit: largestFile + 1)
        guard bytes.count <= largestFile else {
            throw ProofError.advisories(path: file.path, reason: "it has more than 1 GiB")
        }
        let path = file.path
        try bytes.withUnsafeBytes { buffer in
            let prefix = UnsafeRawBufferPointer(rebasing: buffer.prefix(ArchiveFormat.prefixLength))
            if case .zip? = ArchiveFormat(detecting: prefix) {
                try addArchive(buffer, path, to: &database)
            } else {
                try add(bytes, path, to: &database)
            }
        }
    }

    private static func addArchive(
        _ bytes: UnsafeRawBufferPointer,
        _ path: String,
        to database: inout AdvisoryDatabase
    ) throws {
        var name = ""
        var content: [UInt8]?
        do {
            try ArchiveReader.read(bytes, as: .zip, name: [], budget: WorkBudget()) { event in
                switch event {
                case .member(let member):
                    name = String(decoding: member.path, as: UTF8.self)
                    content = member.kind == .file && isAdvisory(name) ? [] : nil
                case .content(let piece):
                    guard let count = content?.count else { return }
                    guard count + piece.count <= largestFile else {
                        throw ProofError.advisories(path: "\(path): \(name)", reason: "it has more than 1 GiB")
                    }
                    content?.append(contentsOf: piece)
                case .end:
                    if let document = content.take() { try add(document, "\(path): \(name)", to: &database) }
                case .failed(let error): throw ProofError.advisories(path: "\(path): \(name)", reason: "\(error)")
                }
            }
        } catch let error as ProofError {
            throw error
        } catch {
            throw ProofError.advisories(path: path, reason: "\(error)")
        }
    }

    private static func isAdvisory(_ name: String) -> Bool {
        suffixes.contains(where: name.hasSuffix)
            && !name.split(separator: "/").dropLast().contains { $0 == listDirectory }
    }

    private static func add(_ bytes: [UInt8], _ path: String, to database: inout AdvisoryDatabase) throws {
        do {
            try database.add(bytes)
        } catch {
            throw ProofError.advisories(path: path, reason: "\(error)")
        }
    }
}
