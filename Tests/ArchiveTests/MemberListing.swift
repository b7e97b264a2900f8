import Archive
import ContentAddress

/// What ``ArchiveReader`` finds in an archive: a line for each member, and why it ended.
struct MemberListing {
    private(set) var lines: [String] = []
    private(set) var failures: [ArchiveError] = []
    private(set) var error: (any Error)?

    init(_ archive: [UInt8], name: String = "archive", budget: WorkBudget = WorkBudget(bytes: 64 << 20)) {
        archive.withUnsafeBytes { bytes in
            let suffix = UnsafeRawBufferPointer(rebasing: bytes.suffix(ArchiveFormat.suffixLength))
            let appended: ArchiveFormat? = ArchiveFormat.endsAsZip(suffix) ? .zip : nil
            let detected = ArchiveFormat(detecting: UnsafeRawBufferPointer(rebasing: bytes.prefix(512)))
            guard let format = detected ?? appended else {
                return lines.append("no archive")
            }
            var current: ArchiveMember?
            var content: [UInt8] = []
            do {
                try ArchiveReader.read(bytes, as: format, name: Array(name.utf8), budget: budget) { event in
                    switch event {
                    case .member(let member):
                        current = member
                        content = []
                    case .content(let piece): content += piece
                    case .end: if let current { lines.append(Self.line(current, content)) }
                    case .failed(let error): failures.append(error)
                    }
                }
            } catch {
                self.error = error
            }
        }
    }

    static func line(_ member: ArchiveMember, _ content: [UInt8]) -> String {
        let path = member.relativePath.map { String(decoding: $0, as: UTF8.self) } ?? "outside"
        let what =
            switch member.kind {
            case .file: content.count > 64 ? Digest.of(content).short : String(decoding: content, as: UTF8.self)
            case .hardLink: "= " + String(decoding: member.linkName, as: UTF8.self)
            case .symbolicLink: "link"
            case .directory: "directory"
            default: "other"
            }
        return "\(path) \(String(member.mode, radix: 8)) \(what)"
    }

    /// The files alone, sorted.
    var files: [String] { lines.filter { !$0.hasSuffix(" directory") }.sorted() }
}
