import ContentAddress
import Foundation
import HTTPTestSupport
import ImageTransport
import NIOHTTP1
import OCI
import RegistryClient
import TestSupport
import Testing

@testable import HTTP

/// Images and clients that the tests share.
enum Fixture {
    /// A client that finds no credentials but those of `environment`, and loses no time between attempts.
    static func images(
        environment: [String: String] = [:],
        authority: String? = nil,
        insecure: Bool = false,
        attempts: Int = 4,
        silence: Double = 600
    ) -> RegistryImages {
        var options = RegistryOptions(environment: environment)
        options.certificateAuthorities = authority
        options.isInsecure = insecure
        options.retry.attempts = attempts
        options.retry.sleep = { _ in }
        options.patience = Patience(seconds: silence)
        return RegistryImages(options)
    }

    /// What a body fails with that has little patience.
    ///
    /// A busy machine may be late with the very first answer, by which a client sees how the registry is reached: then it
    /// is tried again.
    static func failure(_ body: () throws -> Void) throws -> TransportError {
        var error = try #require(throws: TransportError.self) { try body() }
        for _ in 0..<100 where error.description.contains("can't be reached") {
            error = try #require(throws: TransportError.self) { try body() }
        }
        return error
    }

    /// An index of two platforms; a large layer each, and one that they share.
    static func layout<Result>(largeLayer: Int = 2_000_000, _ body: (any ImageSource) throws -> Result) throws -> Result
    {
        try withTemporaryDirectory { directory in
            let images = ["amd64", "arm64"].map { architecture in
                var image = TestImage { $0.file("shared", "the same on both") }
                image.layer { $0.file("large", noise(largeLayer, seed: UInt64(architecture.count))) }
                image.layer { $0.file(architecture, architecture) }
                image.architecture = architecture
                return image
            }
            try TestImage.write(images, layout: directory)
            return try body(ImageSources.open(.layout(path: directory, tag: nil)))
        }
    }

    /// Bytes without a pattern, the same ones each time.
    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed | 1
        let words = (0..<(count / 8 + 1)).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        return words.withUnsafeBytes { Array($0.prefix(count)) }
    }

    /// A manifest of one layer, and its blobs.
    struct SmallImage: Sendable {
        let layer = Array("the layer".utf8)
        let config = Array(#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)
        let manifest: [UInt8]

        init() {
            let config = Descriptor(mediaType: MediaType.imageConfig, digest: .of(config), size: Int64(config.count))
            let layer = Descriptor(mediaType: MediaType.layer, digest: .of(layer), size: Int64(layer.count))
            var manifest = ImageManifest(config: config, layers: [layer])
            manifest.mediaType = MediaType.imageManifest
            self.manifest = (try? CanonicalJSON.encode(manifest)) ?? []
        }

        var layerDescriptor: Descriptor {
            Descriptor(mediaType: MediaType.layer, digest: .of(layer), size: Int64(layer.count))
        }

        /// The manifest as a registry answers with it.
        var reply: FakeServer.Reply { .init(200, [("Content-Type", MediaType.imageManifest)], manifest) }
    }

    /// A source of one blob, opened as often as one likes.
    struct OneBlob: ImageSource {
        let name = "test"
        let bytes: [UInt8]

        func root() throws(TransportError) -> ImageDocument { throw .notFound(what: "root", place: name) }

        func open(_ descriptor: Descriptor) -> any BlobReader { Reader(bytes) }

        private final class Reader: BlobReader {
            private var rest: ArraySlice<UInt8>

            init(_ bytes: [UInt8]) { rest = bytes[...] }

            func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
                let count = min(buffer.count, rest.count)
                buffer.copyBytes(from: rest.prefix(count))
                rest = rest.dropFirst(count)
                return count
            }
        }
    }
}
