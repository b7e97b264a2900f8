import Archive
package import ContentAddress
package import OCI
package import SystemIO

/// Writes `oci-archive:FILE[:TAG]` and `docker-archive:FILE[:REF]`: an OCI image layout in a tar archive; for Docker
/// with `manifest.json` and `repositories` beside it, which `docker load` and `podman load` read.
///
/// The bytes depend on the image and its name, and for Docker on the platform that is named. A file gets its name when
/// it is whole; the path `-` is standard output, where an archive that was cut off has no `index.json`.
package final class ArchiveDestination: ImageDestination {
    /// The reference it was opened by.
    package let name: String
    private let tag: String?
    private let references: [ImageReference]
    private let isDocker: Bool
    private let output: ArchiveOutput
    private var added: Set<Digest> = []
    private var referrers: [Descriptor] = []

    /// Opens `oci-archive:FILE[:TAG]`; `reference` is the name that the tag is of, where it is known.
    ///
    /// containerd takes the full name from an annotation, and makes one of the day where there is a mere tag.
    package static func layout(
        path: String,
        tag: String?,
        reference: ImageReference? = nil
    ) throws(TransportError) -> ArchiveDestination {
        try ArchiveDestination(
            path,
            name: "oci-archive:\(path)",
            tag: tag,
            references: [reference].compactMap { $0?.tag == nil ? nil : $0 },
            isDocker: false
        )
    }

    /// Opens `docker-archive:FILE[:REF]`; the image has further names beside that.
    package static func docker(
        path: String,
        reference: ImageReference?,
        further: [ImageReference] = []
    ) throws(TransportError) -> ArchiveDestination {
        let tag = reference?.tag?.text
        return try ArchiveDestination(
            path,
            name: "docker-archive:\(path)",
            tag: tag,
            references: reference.map { [$0] + further } ?? [],
            isDocker: true
        )
    }

    private init(
        _ path: String,
        name: String,
        tag: String?,
        references: [ImageReference],
        isDocker: Bool
    ) throws(TransportError) {
        self.name = name
        self.tag = tag
        self.references = references
        self.isDocker = isDocker
        output = try ArchiveOutput(path, what: name)
        try writeHeader(TarHeader(path: "blobs", kind: .directory, mode: 0o755))
        try writeHeader(TarHeader(path: "blobs/sha256", kind: .directory, mode: 0o755))
    }

    /// Reserves room for all of it, so that a full disk is known before the first byte.
    ///
    /// It makes the writing faster, too: ext4 writes a file out when it takes another's place, unless its room on the
    /// disk was chosen before.
    package func prepare(for blobs: [Descriptor]) throws(TransportError) {
        let overhead = Self.documentsSize + Int64(blobs.count) * Self.blobOverhead
        // A sum beyond what a file can have is refused by the system as any other that is too large.
        let size = blobs.reduce(overhead) { sum, blob in
            let (next, overflow) = sum.addingReportingOverflow(blob.size)
            return overflow ? .max : next
        }
        try output.reserve(size)
    }

    /// What a blob takes beside its bytes, at most: its header, its padding, and its line in `manifest.json`.
    private static let blobOverhead: Int64 = 1536
    /// What the files at the top and the directories take, at most, without those lines.
    private static let documentsSize: Int64 = 64 << 10

    /// Whether a blob is in the archive already.
    package func has(_ descriptor: Descriptor) -> Bool { added.contains(descriptor.digest) }

    /// Writes a blob.
    package func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError) {
        try writeHeader(
            TarHeader(path: LayoutText.path(descriptor.digest), kind: .file, mode: 0o644, size: descriptor.size)
        )
        try blob.forEachPiece { piece throws(TransportError) in try write(piece) }
        try write(TarWriter.padding(after: descriptor.size))
        added.insert(descriptor.digest)
    }

    /// Copies a file's bytes inside the kernel.
    package func add(_ source: borrowing File, _ descriptor: Descriptor) throws(TransportError) -> Bool {
        try writeHeader(
            TarHeader(path: LayoutText.path(descriptor.digest), kind: .file, mode: 0o644, size: descriptor.size)
        )
        try output.append(source, count: descriptor.size)
        try write(TarWriter.padding(after: descriptor.size))
        added.insert(descriptor.digest)
        return true
    }

    /// Whether it is a layout.
    package var takesReferrers: Bool { !isDocker }

    /// Notes an entry for `index.json`.
    package func attach(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError) {
        referrers.append(try referrer.root.referrerDescriptor(by: tag))
    }

    /// Writes the files at the top, and gives the archive its name.
    package func finish(_ image: ImageOutline) throws(TransportError) {
        // Names that were asked for are the only ones.
        let names = isDocker ? references.isEmpty ? image.listing.names : distinct(references) : []
        var entries = names.map { name in
            LayoutEntry(image: image, tag: name.tag?.text, fullName: Self.tagged(name).fullName)
        }
        if entries.isEmpty {
            let fullName = references.first.map(Self.tagged)?.fullName
            entries = [LayoutEntry(image: image, tag: tag, fullName: fullName)]
        }
        for referrer in referrers { entries.append(try LayoutEntry(referrer)) }
        try add("index.json", LayoutText.index(entries))
        if isDocker {
            let parts = named(image.parts, names)
            try add("manifest.json", LayoutText.manifest(parts))
            try add("oci-layout", LayoutText.layout)
            try add("repositories", LayoutText.repositories(parts))
        } else {
            try add("oci-layout", LayoutText.layout)
        }
        try commit()
    }

    /// Writes the files at the top of a layout with several images, and gives the archive its name.
    package func finish(_ entries: [Descriptor]) throws(TransportError) {
        var list: [LayoutEntry] = []
        for entry in entries { list.append(try LayoutEntry(entry)) }
        try add("index.json", LayoutText.index(list))
        try add("oci-layout", LayoutText.layout)
        try commit()
    }

    private func commit() throws(TransportError) {
        try write(TarWriter.trailer)
        try output.commit()
    }

    // A docker archive's manifest.json stands for images of one platform each, and skopeo reads one only. It names this
    // machine's, which is what the engine here can run; the index beside it has all.
    private func named(
        _ parts: [ImageOutline.Part],
        _ names: [ImageReference]
    ) -> [(part: ImageOutline.Part, names: [String])] {
        let own = parts.first { part in
            part.descriptor.platform?.os == "linux" && part.descriptor.platform?.architecture == Self.architecture
        }
        let image = parts.first { MediaType.isConfig($0.manifest.config.mediaType) }
        return [own ?? image ?? parts.first].compactMap(\.self).map { part in
            let texts = names.map { name in
                (name.registry.map { $0 + "/" } ?? "") + "\(name.repository.text):\(name.tag?.text ?? "latest")"
            }
            return (part, texts)
        }
    }

    private func distinct(_ names: [ImageReference]) -> [ImageReference] {
        var seen: Set<String> = []
        return names.filter { seen.insert(Self.tagged($0).fullName).inserted }
    }

    // An archive names images by tags alone.
    private static func tagged(_ reference: ImageReference) -> ImageReference {
        ImageReference(registry: reference.registry, repository: reference.repository, tag: reference.tag)
    }

    private static var architecture: String {
        #if arch(arm64)
        "arm64"
        #else
        "amd64"
        #endif
    }

    private func add(_ name: String, _ bytes: [UInt8]) throws(TransportError) {
        try writeHeader(TarHeader(path: name, kind: .file, mode: 0o644, size: Int64(bytes.count)))
        try write(bytes)
        try write(TarWriter.padding(after: Int64(bytes.count)))
    }

    private func writeHeader(_ header: TarHeader) throws(TransportError) { try write(TarWriter.encode(header)) }

    private func write(_ bytes: [UInt8]) throws(TransportError) {
        try output.write(bytes)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) { try output.write(bytes) }
}
