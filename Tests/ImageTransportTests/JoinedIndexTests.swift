import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import StoreTestSupport
import TestSupport
import Testing

/// Images of one platform each, joined in the store.
@Suite struct JoinedIndexTests {
    private let directory: TemporaryStore
    private let store: Store

    init() throws {
        directory = try TemporaryStore()
        store = try directory.open()
    }

    private func add(
        _ architecture: String,
        as name: String,
        asIndex: Bool,
        notes: String? = nil,
        version: String? = nil
    ) throws -> Digest {
        var image = TestImage { $0.file("a", name) }
        image.architecture = architecture
        let platform = #""os":"linux""# + (version.map { #","os.version":"\#($0)""# } ?? "")
        image.editConfig = { $0.replacing(#""os":"linux""#, with: platform) }
        let place = directory.path + "/" + name.replacing(":", with: "-")
        try TestImage.write([image], layout: place, asIndex: asIndex) { text in
            let text = text.replacing(#""os":"linux""#, with: platform)
            guard let notes else { return text }
            return text.replacing(#"{"manifests""#, with: #"{"annotations":{\#(notes)},"manifests""#)
        }
        let destination = try StoreDestination(store: store, references: [reference(name)])
        try ImageCopy.run(from: LayoutSource(directory: place, tag: nil), to: destination)
        return .of(image.manifest)
    }

    private func reference(_ text: String) throws -> ImageReference { try ImageReference(parsing: text) }

    private func join(_ names: [String], as name: String = "joined:1", adding: Bool = false) throws -> Digest {
        let name = try reference(name)
        let images = try names.map(reference)
        return try StoreSource.join(images, as: name, addedTo: adding ? name : nil, in: store).root.digest
    }

    private func index() throws -> ImageIndex {
        try StoreSource(store: store, reference: reference("joined:1")).root().index()
    }

    @Test(arguments: [true, false])
    func theOrderIsThatOfPlatforms(asIndex: Bool) throws {
        let members = [
            try add("amd64", as: "a:1", asIndex: asIndex), try add("arm64", as: "b:1", asIndex: asIndex),
            try add("s390x", as: "c:1", asIndex: asIndex),
        ]
        let joined = try join(["c:1", "a:1", "b:1"])
        #expect(try index().manifests.map(\.digest) == members)
        #expect(try index().manifests.compactMap(\.platform?.architecture) == ["amd64", "arm64", "s390x"])
        // Whatever the order, and in whatever steps.
        #expect(try join(["a:1", "b:1", "c:1", "a:1"]) == joined)
        #expect(try join(["b:1", "c:1"]) != joined)
        #expect(try join(["a:1", "b:1"], adding: true) == joined)
        #expect(try store.image(reference("joined:1"))?.digest == joined)
        #expect(try ImageOutline(of: StoreSource(store: store, reference: reference("joined:1"))).parts.count == 3)
    }

    @Test func twoImagesOfOnePlatformAreRefused() throws {
        let first = try add("amd64", as: "a:1", asIndex: true)
        let second = try add("amd64", as: "b:1", asIndex: false)
        let error = #expect(throws: JoinedIndex.Conflict.self) { try join(["a:1", "b:1"]) }
        for part in ["a:1", first.short, "b:1", second.short, "linux/amd64"] {
            #expect(error?.description.contains(part) == true)
        }
        #expect(try store.image(reference("joined:1")) == nil)
        let joined = try join(["a:1"])
        #expect(throws: JoinedIndex.Conflict.self) { try join(["b:1"], adding: true) }
        #expect(try store.image(reference("joined:1"))?.digest == joined)
    }

    @Test("images of one platform and other versions of the system are two", arguments: [true, false])
    func versions(asIndex: Bool) throws {
        _ = try add("amd64", as: "a:1", asIndex: asIndex, version: "10.0.1")
        _ = try add("amd64", as: "b:1", asIndex: asIndex, version: "10.0.2")
        _ = try add("amd64", as: "c:1", asIndex: asIndex, version: "10.0.1")
        _ = try join(["b:1", "a:1"])
        let bytes = try StoreSource(store: store, reference: reference("joined:1")).root().bytes
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""os.version":"10.0.1""#) && text.contains(#""os.version":"10.0.2""#))
        #expect(throws: JoinedIndex.Conflict.self) { try join(["a:1", "c:1"]) }
    }

    @Test func annotationsAreKept() throws {
        _ = try add("amd64", as: "a:1", asIndex: true, notes: #""same":"1","own":"a""#)
        _ = try add("arm64", as: "b:1", asIndex: true, notes: #""same":"1","own":"b""#)
        _ = try join(["a:1", "b:1"])
        #expect(try index().annotations == ["same": "1"])
        _ = try join(["a:1"])
        _ = try join(["b:1"], adding: true)
        #expect(try index().annotations == ["same": "1", "own": "a"])
        #expect(try index().manifests.count == 2)
    }
}
