import ContentAddress
import Foundation
import OCI
import Testing

@Suite struct DocumentTests {
    // The example of the OCI image specification 1.1, image-index.md.
    @Test func readsTheSpecificationsIndex() throws {
        let json = """
            {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
              {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 7143,
               "digest": "sha256:e692418e4cbaf90ca69d05a66403747baa33ee08806650b51fab815ad7fc331f",
               "platform": {"architecture": "ppc64le", "os": "linux"}},
              {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 7682,
               "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
               "platform": {"architecture": "amd64", "os": "linux"}}],
             "annotations": {"com.example.key1": "value1", "com.example.key2": "value2"}}
            """
        let index = try JSONDecoder().decode(ImageIndex.self, from: Data(json.utf8))
        #expect(index.manifests.map { $0.platform?.description } == ["linux/ppc64le", "linux/amd64"])
        #expect(index.manifests.map(\.size) == [7143, 7682])
        #expect(index.annotations?["com.example.key2"] == "value2")
    }

    // The example of the OCI image specification 1.1, config.md, shortened.
    @Test func readsTheSpecificationsConfig() throws {
        let json = """
            {"created": "2015-10-31T22:22:56.015925234Z", "author": "Alyssa P. Hacker <alyspdev@example.com>",
             "architecture": "amd64", "os": "linux",
             "config": {"User": "alice", "ExposedPorts": {"8080/tcp": {}}, "Env": ["FOO=oci_is_a"],
               "Entrypoint": ["/bin/my-app-binary"], "Cmd": ["--foreground"], "WorkingDir": "/home/alice",
               "Volumes": {"/var/job-result-data": {}}, "Labels": {"com.example.project.git.commit": "45a939b2"}},
             "rootfs": {"diff_ids":
               ["sha256:c6f988f4874bb0add23a778f753c65efe992244e148a1d2ec2a8b664fb66bbd1"], "type": "layers"},
             "history": [{"created": "2015-10-31T22:22:54.690851953Z", "created_by": "/bin/sh -c #(nop) ADD file in /"},
               {"created": "2015-10-31T22:22:55.613815829Z", "created_by": "CMD [\\"sh\\"]", "empty_layer": true}]}
            """
        let config = try JSONDecoder().decode(ImageConfig.self, from: Data(json.utf8))
        #expect(try config.platform.description == "linux/amd64")
        #expect(config.config?.entrypoint == ["/bin/my-app-binary"])
        #expect(config.rootfs.diffIDs.count == 1)
        #expect(config.history?.map(\.emptyLayer) == [nil, true])
    }

    @Test func writtenManifestsHaveTheSpecificationsMembers() throws {
        let config = Descriptor(mediaType: MediaType.imageConfig, digest: .of("{}"), size: 2)
        let manifest = ImageManifest(config: config, layers: [])
        let text = String(decoding: try CanonicalJSON.encode(manifest), as: UTF8.self)
        #expect(
            text == #"{"config":{"digest":"\#(Digest.of("{}"))","mediaType":"\#(MediaType.imageConfig)","size":2},"#
                + #""layers":[],"mediaType":"\#(MediaType.imageManifest)","schemaVersion":2}"#
        )
    }

    @Test(arguments: [#"{"mediaType":"x","digest":"sha256:1","size":1}"#, #"{"mediaType":"x","size":1}"#, "[]", "{"])
    func malformedDescriptorsThrow(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(Descriptor.self, from: Data(json.utf8)) }
    }
}
