import CDeflate
import CZstd

/// How a layer is compressed: what must be the same for the same bytes to come out.
package enum CompressionRecipe: Hashable, Sendable {
    /// Not at all.
    case none
    /// gzip by libdeflate, in chunks of ``GzipCompressor/chunkSize``.
    case gzip(level: Int)
    /// Zstandard.
    case zstd(level: Int)

    /// The fastest level of libdeflate whose layers are no larger than BuildKit's and buildah's.
    package static let standard = CompressionRecipe.gzip(level: 2)
    private static let standardZstdLevel = 3
    /// The levels that libdeflate has.
    package static let gzipLevels = 1...12
    /// The levels of Zstandard that make sense for layers.
    package static let zstdLevels = 1...19

    /// A recipe by the compressor's name (`gzip`, `zstd`, `none`) and its level, or the usual level where none is
    /// given.
    ///
    /// Nil for an unknown name and for a level that the compressor doesn't have.
    package init?(compressor: String, level: Int?) {
        switch compressor {
        case "none" where level == nil: self = .none
        case "gzip" where level == nil: self = .standard
        case "gzip":
            guard let level, Self.gzipLevels.contains(level) else { return nil }
            self = .gzip(level: level)
        case "zstd":
            let level = level ?? Self.standardZstdLevel
            guard Self.zstdLevels.contains(level) else { return nil }
            self = .zstd(level: level)
        default: return nil
        }
    }

    /// The recipe in a word, with the library and its version: `gzip/libdeflate-1.14/level-2/chunk-4194304`.
    package var name: String {
        switch self {
        case .none: "none"
        case .gzip(let level):
            "gzip/libdeflate-\(LIBDEFLATE_VERSION_STRING)/level-\(level)/chunk-\(GzipCompressor.chunkSize)"
        case .zstd(let level): "zstd/libzstd-\(String(cString: ZSTD_versionString()))/level-\(level)"
        }
    }
}
