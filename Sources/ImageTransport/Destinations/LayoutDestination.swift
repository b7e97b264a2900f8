package import ContentAddress
import Glibc
package import OCI
package import SystemIO

/// Writes `oci:DIR[:TAG]`, an OCI image layout (OCI image specification 1.1, image-layout.md).
///
/// A layout that is there keeps its other images; one with this tag is replaced. Each file gets its name only when it
/// is whole, and `index.json` comes last.
package final class LayoutDestination: ImageDestination {
    /// The reference it was opened by.
    package let name: String
    private let directory: String
    private let tag: String?
    /// The blobs that were written, or hashed where they stood.
    private var whole: Set<Digest> = []
    private var referrers: [Descriptor] = []

    /// Opens a layout's directory, which is made when it isn't there.
    ///
    /// Throws ``TransportError/document(what:reason:)`` where its directories are links or no directories at all.
    package init(directory: String, tag: String?) throws(TransportError) {
        name = "oci:\(directory)" + (tag.map { ":\($0)" } ?? "")
        self.directory = directory
        self.tag = tag
        try Self.system { () throws(SystemError) in try Directory.createWithParents(directory + "/blobs/sha256") }
        for inner in ["blobs", "blobs/sha256"] {
            let path = directory + "/" + inner
            guard let kind = (try? FileStatus.ofLink(path))?.kind, kind != .directory else { continue }
            throw .document(what: path, reason: "it is a \(kind.rawValue), and a directory is expected")
        }
    }

    /// Whether a blob is there: a regular file of this size, whose bytes have the digest.
    ///
    /// Whatever else stands there is replaced when the blob is added.
    package func has(_ descriptor: Descriptor) -> Bool {
        if whole.contains(descriptor.digest) { return true }
        guard let status = try? FileStatus.ofLink(path(of: descriptor)), status.kind == .file,
            status.size == descriptor.size,
            let file = try? File.open(path(of: descriptor), O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let digest = try? SharedFile(file).reader(count: status.size).digest(), digest == descriptor.digest
        else { return false }
        whole.insert(descriptor.digest)
        return true
    }

    /// Writes a blob.
    package func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError) {
        let path = path(of: descriptor)
        let file = try Self.create(path)
        try blob.forEachPiece { piece throws(TransportError) in
            do throws(SystemError) { try file.file.write(piece) } catch { throw .system(error) }
        }
        do throws(SystemError) { try file.commit(durable: false) } catch { throw .system(error) }
        whole.insert(descriptor.digest)
    }

    /// Copies a file inside the kernel.
    package func add(_ source: borrowing File, _ descriptor: Descriptor) throws(TransportError) -> Bool {
        let file = try Self.create(path(of: descriptor))
        do throws(SystemError) {
            try file.file.copyContents(of: source, expectedSize: descriptor.size)
            try file.commit(durable: false)
        } catch {
            throw .system(error)
        }
        whole.insert(descriptor.digest)
        return true
    }

    package var takesReferrers: Bool { true }

    /// Notes an entry for `index.json`.
    package func attach(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError) {
        referrers.append(try referrer.root.referrerDescriptor(by: tag))
    }

    /// Writes `oci-layout` and `index.json`.
    package func finish(_ image: ImageOutline) throws(TransportError) {
        var top = try top()
        top.removeEntries { name, digest in
            tag == nil ? name == nil && digest == image.root.digest.description : name == tag
        }
        top.append(LayoutEntry(image: image, tag: tag))
        for referrer in referrers {
            let (text, tag) = (referrer.digest.description, referrer.cosignTag?.text)
            top.removeEntries { name, digest in name == tag && (tag != nil || digest == text) }
            top.append(try LayoutEntry(referrer))
        }
        try write(top)
    }

    /// Writes `oci-layout` and an `index.json` with several images; those of other names stay.
    package func finish(_ entries: [Descriptor]) throws(TransportError) {
        let names = Set(entries.map { $0.annotations?[Annotation.referenceName] })
        var top = try top()
        top.removeEntries { name, _ in names.contains(name) }
        for entry in entries { top.append(try LayoutEntry(entry)) }
        top.sort()
        try write(top)
    }

    private func top() throws(TransportError) -> LayoutIndex {
        let path = directory + "/index.json"
        let bytes: [UInt8]
        do throws(SystemError) {
            guard try FileStatus.ofLink(path).kind == .file else {
                throw SystemError(call: "read", path: path, code: EINVAL)
            }
            let limit = Int(ImageDocument.largestSize)
            bytes = try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).readBytes(limit: limit)
        } catch {
            guard error.code == ENOENT else { throw .system(error) }
            return LayoutIndex()
        }
        return try LayoutIndex(reading: bytes, what: path)
    }

    // Whether another program has written `oci-layout` already.
    private func hasVersion() throws(TransportError) -> Bool {
        guard (try? FileStatus.ofLink(directory + "/oci-layout"))?.kind == .file else { return false }
        try LayoutVersion.check(DirectoryFiles(path: directory), name, isRequired: true)
        return true
    }

    private func write(_ top: LayoutIndex) throws(TransportError) {
        if try !hasVersion() { try write(LayoutText.layout, to: "oci-layout") }
        try write(top.bytes, to: "index.json")
    }

    private func write(_ bytes: [UInt8], to name: String) throws(TransportError) {
        let file = try Self.create(directory + "/" + name)
        do {
            try file.file.write(bytes)
            try file.commit(durable: false)
        } catch {
            throw .system(error)
        }
    }

    private func path(of descriptor: Descriptor) -> String { directory + "/blobs/sha256/" + descriptor.digest.hex }

    // What no file can replace is damage to the layout, and not the environment's fault.
    private static func create(_ path: String) throws(TransportError) -> AtomicFile {
        if let kind = (try? FileStatus.ofLink(path))?.kind, kind != .file, kind != .symbolicLink {
            throw .document(what: path, reason: "it is a \(kind.rawValue), and a file is expected")
        }
        do { return try AtomicFile.create(path) } catch { throw .system(error) }
    }

    private static func system(_ body: () throws(SystemError) -> Void) throws(TransportError) {
        do { try body() } catch { throw .system(error) }
    }
}
