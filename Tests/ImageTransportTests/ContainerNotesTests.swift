import Archive
import ContentAddress
import Foundation
import ImageTransport
import OCI
import TestSupport
import Testing

/// Archives and layouts in which engines and tools find different images.
@Suite struct ContainerNotesTests {
    struct Archive: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]

        init(_ label: String, _ bytes: [UInt8]) {
            testDescription = label
            self.bytes = bytes
        }
    }

    static let image = TestImage { $0.file("agent", "good") }
    static let other = TestImage { $0.file("agent", "other") }

    func open(_ archive: [UInt8], reference: String? = nil) throws -> DockerArchiveSource {
        try withTemporaryDirectory { directory in
            let path = directory + "/image.tar"
            try Data(archive).write(to: URL(fileURLWithPath: path))
            return try DockerArchiveSource(path: path, reference: reference)
        }
    }

    /// Whether a source is ambiguous, or can't be opened for that; nothing is copied from it then.
    func isAmbiguous(_ open: @autoclosure () throws -> some ImageSource) throws -> Bool {
        do throws(TransportError) {
            let source: any ImageSource
            do { source = try open() } catch { throw error as? TransportError ?? .reference("\(error)", rule: "") }
            let fails = (try? ImageOutline(of: source)) == nil
            #expect(fails == !source.notes.ambiguities.isEmpty)
            return fails
        } catch {
            guard case .ambiguousContainer = error else { throw error }
            return true
        }
    }

    private static func listing(_ images: [(TestImage, String)]) -> [UInt8] {
        CanonicalJSON.encode(
            .array(
                images.map { image, tag in
                    [
                        "Config": .string("\(Digest.of(image.config).hex).json"), "RepoTags": [.string(tag)],
                        "Layers": [.string("\(Digest.of(image.config).hex.prefix(8))/layer.tar")],
                    ]
                }
            )
        )
    }

    /// An archive of images, and what else is put into it at its beginning and at its end.
    private static func archive(
        _ images: [(TestImage, String)] = [(image, "demo/x:1")],
        before: (inout TarBuilder) -> Void = { _ in },
        after: (inout TarBuilder) -> Void = { _ in }
    ) -> [UInt8] {
        var tar = TarBuilder()
        before(&tar)
        for (image, _) in images {
            tar.file("\(Digest.of(image.config).hex.prefix(8))/layer.tar", image.layers[0].tar)
            tar.file("\(Digest.of(image.config).hex).json", image.config)
        }
        tar.file("manifest.json", listing(images))
        after(&tar)
        return tar.archive
    }

    static let tricks: [Archive] = [
        Archive("two listings", archive(before: { $0.file("manifest.json", listing([(other, "demo/x:1")])) })),
        Archive("two spellings of one name", archive(after: { $0.file("./manifest.json", "[]") })),
        Archive(
            "a name with repeated slashes",
            archive(after: {
                $0.file("a//b", ""); $0.file("a/b", "")
            })
        ),
        Archive("a name with ..", archive(after: { $0.file("a/../b", "") })),
        Archive("a name from the root", archive(after: { $0.file("/manifest.json", "[]") })),
        Archive("a link that takes a name's place", archive(after: { $0.symbolicLink("manifest.json", to: "b") })),
        Archive(
            "a file in place of a directory",
            archive(after: { $0.file("\(Digest.of(image.config).hex.prefix(8))", "") })
        ),
        Archive(
            "a file below a file",
            archive(after: {
                $0.file("a", ""); $0.file("a/b", "")
            })
        ),
        Archive(
            "a file below a link",
            archive(after: {
                $0.symbolicLink("a", to: "b"); $0.file("a/c", "")
            })
        ),
        Archive(
            "a link to a directory",
            archive(after: {
                $0.directory("b"); $0.symbolicLink("a", to: "b")
            })
        ),
        Archive(
            "a link to a link",
            archive(after: {
                $0.file("c", "")
                $0.symbolicLink("b", to: "c")
                $0.symbolicLink("a", to: "b")
            })
        ),
        Archive(
            "a link before its file",
            archive(after: {
                $0.symbolicLink("a", to: "b"); $0.file("b", "")
            })
        ),
        Archive(
            "a hard link before its file",
            archive(after: {
                $0.hardLink("a", to: "b"); $0.file("b", "")
            })
        ),
        Archive(
            "a global header with a path",
            archive(before: {
                $0.add("pax", "g", content: TarBuilder.record("path", Array("manifest.json".utf8)))
            })
        ),
        Archive(
            "a listing that is a sparse file to GNU tar",
            archive(after: { $0.file("x", [], pax: [("GNU.sparse.major", Array("1".utf8))]) })
        ),
        Archive("a listing without a path by its record", archive(after: { $0.file("x", [], pax: [("path", [])]) })),
        Archive("a second archive behind the first", archive() + archive([(other, "demo/x:1")])),
        Archive("one name for two images", archive([(image, "demo/x:1"), (other, "docker.io/demo/x:1")])),
    ]

    /// A skippable frame whose magic number and size are the name of a first entry, to stand before compressed bytes.
    ///
    /// buildah 1.28 unpacks the content as an archive, others the compressed bytes behind it.
    private static func frame(_ content: [UInt8]) -> [UInt8] {
        let size = UInt32(512 - 8 + content.count)
        let name = Array("P*M\u{18}".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        let header = TarBuilder.header { block in
            TarBuilder.put(name, at: 0, in: &block)
            TarBuilder.put(TarBuilder.octal(0, 11), at: 124, in: &block)
            block[156] = UInt8(ascii: "0")
        }
        return header + content
    }

    @Test func anArchiveInAFrameBeforeTheArchive() throws {
        let zstd = try TestImage.Layer(Self.archive(), by: "zstd -q", suffix: "").blob
        #expect(try !isAmbiguous(open(zstd, reference: "demo/x:1")))
        let bytes = Self.frame(Self.archive([(Self.other, "demo/x:1")])) + zstd
        #expect(try isAmbiguous(open(bytes, reference: "demo/x:1")))
    }

    @Test func anArchiveInAFrameBeforeALayer() throws {
        var image = Self.image
        let plain = image.layers[0].tar
        image.layers[0].tar = try TestImage.Layer(plain, by: "zstd -q", suffix: "").blob
        image.diffIDs = [.of(plain)]
        #expect(try !isAmbiguous(open(Self.archive([(image, "demo/x:1")]), reference: "demo/x:1")))
        image.layers[0].tar = Self.frame(Self.other.layers[0].tar) + image.layers[0].tar
        #expect(try isAmbiguous(open(Self.archive([(image, "demo/x:1")]), reference: "demo/x:1")))
    }

    @Test(arguments: tricks)
    func archivesWithTwoReadings(archive: Archive) throws {
        #expect(try isAmbiguous(open(archive.bytes, reference: "demo/x:1")))
    }

    @Test(
        arguments: [
            Archive("plain", archive()),
            Archive(
                "directories twice, other files",
                archive(before: {
                    $0.directory("a")
                    $0.directory("a/")
                    $0.directory("./a")
                    $0.file("a/VERSION", "1.0")
                    $0.file("repositories", "{}")
                })
            ),
            Archive(
                "a comment in a global header",
                archive(before: {
                    $0.add("pax", "g", content: TarBuilder.record("comment", Array("x".utf8)))
                })
            ),
            Archive("padded", archive() + [UInt8](repeating: 0, count: 20480)),
            Archive(
                "names that only look alike",
                archive(after: {
                    $0.file("e\u{301}", ""); $0.file("\u{e9}", "")
                })
            ),
            Archive(
                "layers that are links, as docker's",
                archive(
                    before: {
                        $0.symbolicLink("0/layer.tar", to: "../\(Digest.of(image.config).hex.prefix(8))/layer.tar")
                    },
                    after: {
                        $0.symbolicLink("9/layer.tar", to: "../\(Digest.of(image.config).hex.prefix(8))/layer.tar")
                        $0.hardLink("8/layer.tar", to: "\(Digest.of(image.config).hex.prefix(8))/layer.tar")
                    }
                )
            ),
            Archive("two images", archive([(image, "demo/x:1"), (other, "demo/x:2")])),
        ] as [Archive]
    )
    func archivesWithOneReading(archive: Archive) throws {
        let source = try open(archive.bytes, reference: "demo/x:1")
        #expect(source.notes.ambiguities.isEmpty)
        #expect(try ImageOutline(of: source).blobs.count == 3)
    }

    @Test func aCompressedArchiveIsUnpackedAsFarAsTheLimit() throws {
        try withTemporaryDirectory { directory in
            try Data(Self.archive()).write(to: URL(fileURLWithPath: directory + "/image.tar"))
            try Shell.run(
                "head -c 64M /dev/zero > zeros && tar -rf image.tar zeros && gzip -k image.tar",
                in: directory
            )
            let path = directory + "/image.tar.gz"
            _ = try DockerArchiveSource(path: path, reference: nil)
            let error = #expect(throws: TransportError.self) {
                _ = try DockerArchiveSource(path: path, reference: nil, budget: WorkBudget(bytes: 1_000_000))
            }
            guard case .spent = error else { return #expect(Bool(false), "\(String(describing: error))") }
            // What isn't compressed isn't copied.
            _ = try DockerArchiveSource(
                path: directory + "/image.tar",
                reference: nil,
                budget: WorkBudget(bytes: 1_000_000)
            )
        }
    }
}
