import ContentAddress
import Foundation
import ImageTransport
import OCI
import TestSupport
import Testing

extension ContainerNotesTests {
    @Test(arguments: ["blob", "index.json", "oci-layout"])
    func aLinkInPlaceOfALayoutsFileIsRefused(name: String) throws {
        try withTemporaryDirectory { directory in
            try Self.image.write(layout: directory + "/oci")
            let file = name == "blob" ? "blobs/sha256/\(Digest.of(Self.image.layers[0].blob).hex)" : name
            try Shell.run("mv oci/\(file) moved && ln -s $PWD/moved oci/\(file)", in: directory)
            let error = #expect(throws: TransportError.self) {
                let source = try LayoutSource(directory: directory + "/oci", tag: nil)
                _ = try ImageSourceTests.layers(source)
            }
            guard case .document = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
    }

    @Test func oneTagForTwoImagesOfALayout() throws {
        try withTemporaryDirectory { directory in
            try Self.image.write(layout: directory)
            try Self.other.write(layout: directory)
            let one = TestImage.descriptor(Self.image.manifest, MediaType.imageManifest)
            let two = TestImage.descriptor(Self.other.manifest, MediaType.imageManifest)
            let tag: JSONValue = ["org.opencontainers.image.ref.name": "1"]
            let members = [one, two].map { JSONValue.object($0.merging(["annotations": tag]) { $1 }) }
            let index = CanonicalJSON.encode(["schemaVersion": 2, "manifests": .array(members)])
            try Data(index).write(to: URL(fileURLWithPath: directory + "/index.json"))
            #expect(try isAmbiguous(LayoutSource(directory: directory, tag: "1")))
        }
    }
}

extension ImageSourceTests {
    /// Reads all layers.
    static func layers(_ source: any ImageSource) throws -> Int {
        let manifest = try source.root().manifest()
        for layer in manifest.layers {
            let stream = LayerStream(of: source, layer, diffID: nil)
            while try stream.next() != nil {}
        }
        return manifest.layers.count
    }
}
