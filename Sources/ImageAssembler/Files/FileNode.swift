import ContentAddress
import OCI

/// A file, directory or link in an image's file system.
struct FileNode: Hashable, Sendable {
    /// What it is.
    enum Kind: Hashable, Sendable {
        case directory
        /// A regular file.
        case file(FileContent)
        /// A symbolic link and what it leads to.
        case link(String)
        case device(isBlock: Bool, major: UInt32, minor: UInt32)
        /// A named pipe.
        case pipe
    }

    var kind: Kind
    /// Permission bits with set-id and sticky bits.
    var mode: UInt16
    var owner = Owner()
    /// Seconds since 1970.
    var modified: Int64 = 0
    var extendedAttributes: [String: [UInt8]] = [:]

    var isDirectory: Bool { kind == .directory }
}

extension FileNode {
    /// What removes a name of the layers below (image-spec, layer.md, "Whiteouts"); nil for a path that is not a
    /// whiteout's.
    static func whiteout(at path: String) -> FileNode? {
        guard StageTree.name(of: path).hasPrefix(StageTree.whiteoutPrefix) else { return nil }
        return FileNode(kind: .file(.text(.of([UInt8]()), [])), mode: 0)
    }
}

/// An owner and a group by their numbers.
struct Owner: Hashable, Sendable {
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}

/// Where a file's bytes are.
enum FileContent: Hashable, Sendable {
    /// A blob of the store.
    case blob(Digest, size: Int64)
    /// The text of a here-document.
    case text(Digest, [UInt8])
    /// A file in a layer of an image, or in a released archive: its place in the uncompressed tar.
    case member(layer: LayerReference, offset: Int64, size: Int64)

    /// The size in bytes.
    var size: Int64 {
        switch self {
        case .blob(_, let size), .member(_, _, let size): size
        case .text(_, let bytes): Int64(bytes.count)
        }
    }
}

/// A layer of a base image, or a released archive, that files are taken from.
struct LayerReference: Hashable, Sendable {
    /// What names the blob.
    let descriptor: Descriptor
    /// The digest of the uncompressed tar.
    let diffID: Digest
    /// Whether it is a released archive.
    var isReleased = false
}
