import ContentAddress
import Foundation
import JSON
import OCI
import Testing

/// What a document is to all readers, to some of them, and to none.
@Suite struct DocumentReadingTests {
    private static let digest = Digest.of("abc").description

    private static let descriptor = #"{"mediaType":"x","digest":"\#(digest)","size":3}"#

    private func manifest(_ text: String, _ mediaType: String? = nil) throws -> ImageManifest {
        try DocumentReading<ImageManifest>.decode(Array(text.utf8), as: .manifest, mediaType: mediaType, what: "it")
    }

    private func index(_ text: String) throws -> ImageIndex {
        try DocumentReading<ImageIndex>.decode(Array(text.utf8), as: .index, what: "it")
    }

    private func config(_ text: String) throws -> ImageConfig {
        try DocumentReading<ImageConfig>.decode(Array(text.utf8), as: .config, what: "it")
    }

    @Test(arguments: [
        #"{"schemaVersion":2,"config":C,"layers":[C],"layers":[]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"Layers":[]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"layerſ":[]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"\u006cayers":[]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"mediatype":"y"}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"x":{"y":1,"y":2}}"#,
        #"{"schemaVersion":2,"config":C,"layers":[{"mediaType":"x","digest":"D","size":3,"Digest":"D"}]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"annotations":{"a":"1","a":"2"}}"#,
        // Also an index, or of schema 1, to readers that go by what is there.
        #"{"schemaVersion":2,"config":C,"layers":[C],"manifests":[]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"fsLayers":[{"blobSum":"D"}]}"#,
        #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","config":C,"layers":[C]}"#,
        // Embedded bytes that aren't the blob's.
        #"{"schemaVersion":2,"config":C,"layers":[{"mediaType":"x","digest":"D","size":3,"data":"eHl6"}]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[{"mediaType":"x","digest":"D","size":4,"data":"YWJj"}]}"#,
    ])
    func manifestsWithTwoReadings(text: String) {
        let text = text.replacing("C", with: Self.descriptor).replacing("\"D\"", with: "\"\(Self.digest)\"")
        let error = #expect(throws: OCIError.self) { try manifest(text, MediaType.imageManifest) }
        guard case .ambiguous = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test(arguments: [
        #"{"schemaVersion":2,"config":C,"layers":[C],"x-note":1,"X-Note":2}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"annotations":{"a":"1","A":"2","layers":"3"}}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"manifests":null,"subject":null,"annotations":null}"#,
        #"{"schemaVersion":2,"config":C,"layers":[{"mediaType":"x","digest":"D","size":3,"data":"YWJj"}]}"#,
        #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":C,"layers":[C]}"#,
        #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","config":C,"layers":[C]}"#,
        #"{"schemaVersion":null,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":C,"layers":[C]}"#,
        #"{"schemaVersion":2,"mediaType":null,"config":C,"layers":[C]}"#,
    ])
    func manifestsWithOneReading(text: String) throws {
        let text = text.replacing("C", with: Self.descriptor).replacing("\"D\"", with: "\"\(Self.digest)\"")
        #expect(try manifest(text, MediaType.imageManifest).layers.count == 1)
    }

    @Test(arguments: [
        #"{"schemaVersion":1,"config":C,"layers":[C]}"#, #"{"config":C,"layers":[C]}"#,
        #"{"schemaVersion":2.0,"config":C,"layers":[C]}"#, #"{"schemaVersion":2,"config":C,"layers":[C]} {}"#,
        #"{"schemaVersion":2,"config":C,"layers":{}}"#,
        "\u{FEFF}" + #"{"schemaVersion":2,"config":C,"layers":[C]}"#,
        #"{"schemaVersion":2,"config":C,"layers":[C],"x":"\ud800"}"#,
        #"{"schemaVersion":2,"config":C,"layers":[{"mediaType":"x","digest":"D","size":1e0}]}"#, "[]", "null", "",
    ])
    func whatIsNoManifest(text: String) {
        let text = text.replacing("C", with: Self.descriptor).replacing("\"D\"", with: "\"\(Self.digest)\"")
        let error = #expect(throws: OCIError.self) { try manifest(text) }
        guard case .document = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test(arguments: ["", #""schemaVersion":null,"#, #""mediaType":"application/vnd.oci.image.index.v1+json","#])
    func anIndexNeedsNoSchemaVersion(members: String) throws {
        #expect(try index("{\(members)\"manifests\":[]}").schemaVersion == 2)
    }

    @Test(arguments: ["layers", "config", "fsLayers"])
    func anIndexThatIsAlsoAManifest(member: String) {
        let text = #"{"schemaVersion":2,"manifests":[],"\#(member)":[]}"#
        #expect(throws: OCIError.ambiguous(what: "it", reason: "it has '\(member)' beside what an index has")) {
            try index(text)
        }
    }

    @Test(
        arguments: [
            ("{}", nil), (#"{"os":"","architecture":""}"#, nil), (#"{"os":"linux"}"#, nil), ("null", nil),
            (#"{"os":"Linux","architecture":"X86_64"}"#, "linux/amd64"),
            (#"{"os":"linux","architecture":"amd64","variant":"","os.version":"1"}"#, "linux/amd64"),
        ] as [(String, String?)]
    )
    func aPlatformThatIsNoneIsNone(json: String, platform: String?) throws {
        let member = #"{"mediaType":"x","digest":"\#(Self.digest)","size":3,"platform":\#(json)}"#
        let found = try index(#"{"schemaVersion":2,"manifests":[\#(member)]}"#).manifests[0].platform
        #expect(found?.description == platform)
    }

    /// Configs of docker, BuildKit, buildah, podman, kaniko, ko, apko and bazel, in parts, have these members.
    @Test(arguments: [
        #""config":{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"Tty":false,"Env":["A=1"],"Cmd":null,"#
            + #""Image":"sha256:1","Volumes":null,"OnBuild":[],"Labels":{"a":"1","A":"2"}},"container":"1","#
            + #""container_config":{"Hostname":"1","Cmd":["/bin/sh"]},"docker_version":"20.10.5","id":"1","parent":"2""#,
        #""config":{"Env":["A=1"],"Entrypoint":["/ko-app/x"],"Labels":null},"author":"github.com/ko-build/ko","#
            + #""created":"1970-01-01T00:00:00Z","history":[{"author":"ko","empty_layer":true,"comment":"x"}]"#,
        #""moby.buildkit.buildinfo.v1":"e30=","variant":"","os.version":"","config":{"ExposedPorts":{"1/tcp":{}},"#
            + #""ArgsEscaped":true,"Healthcheck":{"Test":["CMD","x"],"Interval":5000000000,"Retries":3}}"#,
        #""config":{"Memory":0,"MemorySwap":0,"CpuShares":0,"Cpuset":"","PortSpecs":null,"VolumesFrom":"x"}"#,
    ])
    func ordinaryConfigs(members: String) throws {
        let text = #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":null},\#(members)}"#
        #expect(try config(text).rootfs.diffIDs.isEmpty)
    }

    @Test(arguments: [
        #""config":{"Entrypoint":["a"],"entrypoint":["b"]}"#, #""Config":{}"#, #""config":{"\u212Aey":1,"cmd":["b"]}"#,
        #""config":{"Healthcheck":{"test":["x"]}}"#, #""OS":"linux""#, #""config":{"Volumes":{"/a":{},"/a":{}}}"#,
        #""container_config":{"cmd":["b"]}"#, #""rootfs":{"Diff_IDs":[]}"#, #""histor\u0079":[{"Empty_Layer":true}]"#,
    ])
    func configsWithTwoReadings(members: String) {
        let text = #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},\#(members)}"#
        let error = #expect(throws: OCIError.self) { try config(text) }
        guard case .ambiguous = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    /// As Go's encoding/json reads them, into the structs that engines have.
    @Test func nullInAListOrMapOfAConfigIsAnEmptyValue() throws {
        let text = #"""
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"x-score":1.5,
             "history":[null,{"created_by":"x","empty_layer":null}],
             "config":{"Labels":{"a":null},"Env":[null,"A=1"],"Volumes":{"/data":null},"ExposedPorts":null}}
            """#
        let config = try config(text)
        #expect(config.history?.map(\.createdBy) == [nil, "x"])
        #expect(config.config?.labels == ["a": ""])
        #expect(config.config?.env == ["", "A=1"])
        #expect(config.config?.volumes?.keys.sorted() == ["/data"])
    }

    @Test func nullForADescriptorIsDamage() {
        let text = #"{"schemaVersion":2,"config":\#(Self.descriptor),"layers":[null]}"#
        #expect(throws: OCIError.self) { try manifest(text) }
        #expect(throws: OCIError.self) { try index(#"{"schemaVersion":2,"manifests":[null]}"#) }
    }

    /// docs/documents.md lists the members that are known; it is held to the table that the code has.
    @Test func theDocumentedTableIsTheOneInUse() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../docs/documents.md"
        )
        let text = try String(contentsOf: page, encoding: .utf8)
        for kind in DocumentKind.allCases {
            for name in kind.shape.allNames { #expect(text.contains("`\(name)`"), "docs/documents.md lacks \(name)") }
        }
    }
}
