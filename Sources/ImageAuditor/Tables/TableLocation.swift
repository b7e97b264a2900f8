import ContentAddress
import ImageTransport
import OCI

/// Where a layer's table of contents stands in its blob: engines that pull lazily make files of the table, and never
/// read the archive.
struct TableLocation: Hashable, Sendable {
    /// Who defines the table.
    enum Format: String, Sendable {
        /// github.com/containerd/stargz-snapshotter, docs/estargz.md.
        case eStargz
        /// github.com/containers/storage, pkg/chunked; the frames are those of stargz-snapshotter's zstdchunked.
        case zstdChunked = "zstd:chunked"
    }

    /// What annotations and the blob's end say.
    enum Search: Hashable, Sendable {
        case none
        case found(TableLocation)
        /// An annotation leads to a table that isn't there.
        case missing(Format)
        /// Annotation and footer lead to different places.
        case differing(Format)
    }

    let format: Format
    /// The first byte of the compressed table in the blob.
    let offset: Int64
    /// Its compressed bytes; those of an eStargz run to the blob's end.
    let count: Int64
    /// What annotations promise: the digests of the table and, for zstd:chunked, of its compressed bytes.
    let digest: String?
    let compressedDigest: String?

    /// Looks for the table of a layer, whose blob ends with `tail`.
    static func search(_ layer: Descriptor, tail: [UInt8]) -> Search {
        let said = layer.annotations ?? [:]
        let checksums = Set(zstdKeys.compactMap { said["\($0).manifest-checksum"] })
        let positions = Set(zstdKeys.compactMap { said["\($0).manifest-position"] })
        // Engines differ in whose annotation they know.
        guard checksums.count <= 1, positions.count <= 1 else { return .differing(.zstdChunked) }
        let (promised, position) = (checksums.first, positions.first)
        let footer = TableFooter(tail)
        if footer?.format == .zstdChunked || promised != nil || position != nil {
            let annotated = position.flatMap(Self.position)
            if position != nil, annotated == nil { return .missing(.zstdChunked) }
            let found = footer.flatMap { $0.format == .zstdChunked ? ($0.offset, $0.count) : nil }
            if let annotated, let found, annotated != found { return .differing(.zstdChunked) }
            guard let (offset, count) = annotated ?? found else { return .missing(.zstdChunked) }
            return location(
                .zstdChunked,
                offset,
                count,
                said[LayerAcceleration.tableOfContentsKey],
                promised,
                in: layer
            )
        }
        let digest = said[LayerAcceleration.tableOfContentsKey]
        guard let footer else { return digest == nil ? .none : .missing(.eStargz) }
        return location(.eStargz, footer.offset, layer.size - footer.offset, digest, nil, in: layer)
    }

    private static let zstdKeys = ["io.github.containers.zstd-chunked", "io.containers.zstd-chunked"]

    private static func location(
        _ format: Format,
        _ offset: Int64,
        _ count: Int64,
        _ digest: String?,
        _ compressedDigest: String?,
        in layer: Descriptor
    ) -> Search {
        guard offset >= 0, offset < layer.size, count > 0, count <= layer.size - offset else {
            return .missing(format)
        }
        return .found(
            TableLocation(
                format: format,
                offset: offset,
                count: count,
                digest: digest,
                compressedDigest: compressedDigest
            )
        )
    }

    // `offset:compressed:uncompressed:type`
    private static func position(_ text: String) -> (Int64, Int64)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 4, let offset = parts[0], let count = parts[1], offset >= 0, count > 0 else { return nil }
        return (offset, count)
    }
}

/// The last bytes of a layer's blob, which lead to its table of contents.
private struct TableFooter {
    let format: TableLocation.Format
    let offset: Int64
    /// 0 where the table runs to the blob's end.
    let count: Int64

    init?(_ tail: [UInt8]) {
        if let offset = Self.stargz(tail) {
            (format, self.offset, count) = (.eStargz, offset, 0)
        } else if let (offset, count) = Self.zstd(tail) {
            (format, self.offset, self.count) = (.zstdChunked, offset, count)
        } else {
            return nil
        }
    }

    // An empty gzip member whose extra field holds the offset in 16 hexadecimal digits and `STARGZ`; older ones have no
    // subfield around that.
    private static func stargz(_ tail: [UInt8]) -> Int64? {
        for (count, start) in [(51, 16), (47, 12)] where tail.count >= count {
            let footer = tail.suffix(count)
            let payload = footer.dropFirst(start).prefix(22)
            guard footer.starts(with: [0x1F, 0x8B]), payload.suffix(6).elementsEqual("STARGZ".utf8) else { continue }
            return Int64(String(decoding: payload.prefix(16), as: UTF8.self), radix: 16)
        }
        return nil
    }

    // A skippable frame: numbers in little endian, the mark last.
    private static func zstd(_ tail: [UInt8]) -> (Int64, Int64)? {
        guard tail.suffix(8).elementsEqual("GnUlInUx".utf8) else { return nil }
        for size in [64, 40] where tail.count >= size + 8 {
            let frame = Array(tail.suffix(size + 8))
            guard frame.starts(with: [0x50, 0x2A, 0x4D, 0x18, UInt8(size), 0, 0, 0]) else { continue }
            func number(_ place: Int) -> Int64? {
                let value = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(frame[8 + place * 8 + $1]) }
                return Int64(exactly: value)
            }
            guard let offset = number(0), let count = number(1) else { return nil }
            return (offset, count)
        }
        return nil
    }
}
