import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import OCI
import StoreTestSupport
import SystemIO
import TestSupport
import Testing

/// Documents as other programs write them: nested, with members that nobody here knows, or half empty.
@Suite struct ForeignDocumentTests {
    /// A layout whose blobs are written one by one.
    private struct Layout {
        let directory: String

        init(_ directory: String) throws {
            self.directory = directory
            try Directory.createWithParents(directory + "/blobs/sha256")
            try file("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
        }

        func file(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        }

        /// Writes a blob; gives its descriptor, with further members.
        func blob(_ text: String, _ mediaType: String, _ more: String = "") throws -> String {
            let digest = Digest.of(Array(text.utf8))
            try file("blobs/sha256/\(digest.hex)", text)
            return #"{"mediaType":"\#(mediaType)","digest":"\#(digest)","size":\#(text.utf8.count)\#(more)}"#
        }

        func image(_ config: String, layers: String = #","layers":[]"#, platform: String = "") throws -> String {
            let config = try blob(config, MediaType.imageConfig)
            let manifest = #"{"schemaVersion":2,"config":\#(config)\#(layers)}"#
            return try blob(manifest, MediaType.imageManifest, platform)
        }

        func index(_ members: [String]) throws -> String {
            let text = #"{"schemaVersion":2,"manifests":[\#(members.joined(separator: ","))]}"#
            return try blob(text, MediaType.imageIndex)
        }

        func top(_ member: String) throws {
            try file("index.json", #"{"schemaVersion":2,"manifests":[\#(member)]}"#)
        }

        var source: LayoutSource { get throws { try LayoutSource(directory: directory, tag: nil) } }

        func names() throws -> Set<String> { Set(try Directory.names(in: directory + "/blobs/sha256")) }
    }

    private static let config = #"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}"#
    private static let platform = #","platform":{"os":"linux","architecture":"amd64","os.version":"7"}"#

    private func withLayout(_ body: (Layout, String) throws -> Void) throws {
        try withTemporaryDirectory { directory in try body(Layout(directory + "/in"), directory) }
    }

    @Test("nested indexes and members of unknown types are copied whole, and taken into a store")
    func nested() throws {
        try withLayout { layout, directory in
            let thing = try layout.blob("thing", "application/vnd.example.thing")
            let image = try layout.image(Self.config, platform: Self.platform)
            let inner = try layout.index([image, thing])
            try layout.top(try layout.index([try layout.index([inner]), inner]))

            let outline = try ImageOutline(of: layout.source)
            #expect(outline.parts.count == 1)
            #expect(outline.otherMembers.map(\.mediaType) == ["application/vnd.example.thing"])
            try ImageCopy.run(from: layout.source, to: LayoutDestination(directory: directory + "/out", tag: "1"))
            #expect(try Set(Directory.names(in: directory + "/out/blobs/sha256")) == layout.names())

            let files = try TemporaryStore(at: Timestamp(milliseconds: 0))
            try withExtendedLifetime(files) {
                let store = try files.open()
                let reference = try ImageReference(parsing: "app:1")
                try ImageCopy.run(from: layout.source, to: StoreDestination(store: store, references: [reference]))
                #expect(try store.collect(grace: 0).blobs.isEmpty)
                let back = try ImageOutline(of: StoreSource(store: store, reference: reference))
                #expect(back.blobs == outline.blobs)
            }
        }
    }

    @Test("statements whose config is empty don't keep an image out of a store")
    func statements() throws {
        try withLayout { layout, _ in
            let image = try layout.image(Self.config, platform: Self.platform)
            let statement = try layout.blob("{}", "application/vnd.in-toto+json")
            let nowhere = #","platform":{"os":"unknown","architecture":"unknown"}"#
            try layout.top(
                try layout.index([
                    image, try layout.image("{}", layers: #","layers":[\#(statement)]"#, platform: nowhere),
                ])
            )
            let files = try TemporaryStore(at: Timestamp(milliseconds: 0))
            try withExtendedLifetime(files) {
                let destination = try StoreDestination(
                    store: try files.open(),
                    references: [try ImageReference(parsing: "app:1")]
                )
                try ImageCopy.run(from: layout.source, to: destination)
            }
            // A layer that the config doesn't know is still one too many.
            let layer = try layout.blob("", MediaType.layer)
            try layout.top(try layout.image(Self.config, layers: #","layers":[\#(layer)]"#))
            let others = try TemporaryStore(at: Timestamp(milliseconds: 0))
            try withExtendedLifetime(others) {
                let destination = try StoreDestination(store: try others.open(), references: [])
                #expect(throws: TransportError.self) { try ImageCopy.run(from: layout.source, to: destination) }
                // So is one of the config's that the manifest doesn't have.
                let diffIDs = #""diff_ids":["\#(Digest.of([UInt8]()))"]"#
                try layout.top(try layout.image(Self.config.replacing(#""diff_ids":[]"#, with: diffIDs)))
                #expect(throws: TransportError.self) { try ImageCopy.run(from: layout.source, to: destination) }
            }
        }
    }

    @Test("a document comes after those that it names, at any depth")
    func order() throws {
        try withLayout { layout, _ in
            let image = try layout.image(Self.config)
            try layout.top(try layout.index([try layout.index([try layout.index([image])])]))
            let outline = try ImageOutline(of: layout.source)
            #expect(outline.blobs.last == outline.root.descriptor)
            var seen: Set<Digest> = []
            for descriptor in outline.blobs {
                seen.insert(descriptor.digest)
                guard MediaType.isIndex(descriptor.mediaType) else { continue }
                let members = try layout.source.document(descriptor).index().manifests
                #expect(members.allSatisfy { seen.contains($0.digest) })
            }
        }
    }

    @Test("indexes are followed four levels deep, and not five", arguments: [4, 5])
    func depth(levels: Int) throws {
        try withLayout { layout, _ in
            var member = try layout.image(Self.config)
            for _ in 0..<levels { member = try layout.index([member]) }
            try layout.top(member)
            if levels == 4 {
                #expect(try ImageOutline(of: layout.source).blobs.count == 6)
            } else {
                #expect(throws: TransportError.self) { try ImageOutline(of: layout.source) }
            }
        }
    }

    @Test("indexes that name each other often are read once")
    func doubling() throws {
        try withLayout { layout, _ in
            let image = try layout.image(Self.config)
            let first = try layout.index(Array(repeating: image, count: 3000))
            let second = try layout.index(Array(repeating: first, count: 3000))
            try layout.top(try layout.index(Array(repeating: second, count: 3000)))
            #expect(try ImageOutline(of: layout.source).blobs.count == 5)
        }
    }

    @Test("an index with more members than an image has is refused before they are read")
    func flood() throws {
        try withLayout { layout, _ in
            let image = try layout.image(Self.config)
            try layout.top(try layout.index(Array(repeating: image, count: 12_000)))
            let error = #expect(throws: TransportError.self) { try ImageOutline(of: layout.source) }
            guard case .tooLarge = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
    }

    @Test(
        "members that others leave out or set to null are empty",
        arguments: [
            (#"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":null}}"#, #","layers":null"#),
            (#"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers"},"history":null}"#, ""),
            (#"{"os":"linux","architecture":"amd64","config":null}"#, #","layers":[]"#),
            (#"{"rootfs":null,"config":{"Env":null,"Labels":null,"Volumes":null}}"#, #","layers":[]"#),
            (config, #","layers":[],"subject":{"mediaType":"a","digest":"sha512:00","size":1}"#),
            (config, #","layers":[],"annotations":{"a":null}"#),
        ]
    )
    func leftOut(config: String, layers: String) throws {
        try withLayout { layout, directory in
            try layout.top(try layout.image(config, layers: layers, platform: Self.platform))
            try ImageCopy.run(from: layout.source, to: LayoutDestination(directory: directory + "/out", tag: "1"))
            #expect(try Set(Directory.names(in: directory + "/out/blobs/sha256")) == layout.names())
            let files = try TemporaryStore(at: Timestamp(milliseconds: 0))
            try withExtendedLifetime(files) {
                let destination = try StoreDestination(
                    store: files.open(),
                    references: [ImageReference(parsing: "app:1")]
                )
                try ImageCopy.run(from: layout.source, to: destination)
            }
            let source = try layout.source
            let parsed = try source.document(source.root().manifest().config).config()
            #expect(parsed.rootfs.diffIDs.isEmpty)
        }
    }

    @Test("what others wrote into a layout's index.json stays, byte for byte")
    func indexStays() throws {
        try withLayout { layout, directory in
            let image = try layout.image(Self.config, platform: Self.platform)
            try layout.top(image)
            let out = try Layout(directory + "/out")
            let kept =
                #"{ "digest":"sha512:00", "x.1":1.50, "platform":{"os":"windows","os.version":"10"}, "mediaType":"m" }"#
            let named = #"{"digest":"sha256:11","annotations":{"org.opencontainers.image.ref.name":"1"}}"#
            try out.file(
                "index.json",
                #"{"x.y": [1e3, null], "schemaVersion":2, "manifests": [\#(named), \#(kept)], "annotations":{"a":"b"}}"#
            )
            try out.file("oci-layout", #"{"imageLayoutVersion": "1.0.0", "x": 1}"#)
            try ImageCopy.run(from: layout.source, to: LayoutDestination(directory: out.directory, tag: "1"))

            let text = try String(contentsOfFile: out.directory + "/index.json", encoding: .utf8)
            #expect(
                text.hasPrefix(#"{"x.y":[1e3, null],"schemaVersion":2,"manifests":[\#(kept),{"annotations":{"org.open"#)
            )
            #expect(text.hasSuffix(#""annotations":{"a":"b"}}"#))
            #expect(!text.contains("sha256:11"))
            #expect(try String(contentsOfFile: out.directory + "/oci-layout", encoding: .utf8).contains("\"x\": 1"))
            #expect(throws: Never.self) { try LayoutSource(directory: out.directory, tag: "1") }
        }
    }

    @Test("a member that is named by another algorithm's digest doesn't take the others of a layout with it")
    func otherAlgorithm() throws {
        try withLayout { layout, directory in
            let name = #","annotations":{"org.opencontainers.image.ref.name":"N"}"#
            let image = try layout.image(Self.config, platform: name.replacing("N", with: "1"))
            let other = #"{"mediaType":"m","digest":"sha512:00","size":1\#(name.replacing("N", with: "2"))}"#
            try layout.top(image + "," + other)
            let source = try LayoutSource(directory: layout.directory, tag: "1")
            #expect(source.notes.ambiguities.isEmpty)
            try ImageCopy.run(from: source, to: LayoutDestination(directory: directory + "/out", tag: "1"))
            let error = #expect(throws: TransportError.self) { try LayoutSource(directory: layout.directory, tag: "2") }
            #expect(error?.description.contains("sha512:00") == true)

            try layout.top(try layout.index([image, other]))
            #expect(throws: TransportError.self) { try ImageOutline(of: layout.source) }
        }
    }

    @Test(
        "a layout of a later 1.x, or without a version, is read",
        arguments: [("1.1.0", true), ("1.0.1", true), (nil, true), ("2.0.0", false), ("", false), ("10.0.0", false)]
            as [(String?, Bool)]
    )
    func versions(version: String?, isRead: Bool) throws {
        try withLayout { layout, _ in
            try layout.top(try layout.image(Self.config))
            try layout.file("oci-layout", version.map { #"{"imageLayoutVersion":"\#($0)"}"# } ?? "{}")
            let source = try? LayoutSource(directory: layout.directory, tag: nil)
            #expect((source != nil) == isRead)
        }
    }

    @Test("a layout of another version is not written to")
    func otherVersion() throws {
        try withLayout { layout, directory in
            try layout.top(try layout.image(Self.config))
            let out = try Layout(directory + "/out")
            try out.file("oci-layout", #"{"imageLayoutVersion":"2.0.0"}"#)
            #expect(throws: TransportError.self) {
                try ImageCopy.run(from: layout.source, to: LayoutDestination(directory: out.directory, tag: "1"))
            }
            #expect((try? FileStatus.of(out.directory + "/index.json")) == nil)
        }
    }
}
