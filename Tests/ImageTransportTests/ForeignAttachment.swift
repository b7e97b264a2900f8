import ContentAddress
import Foundation
import OCI
import SystemIO

/// What another tool attaches to a manifest, in the form that it writes.
struct ForeignAttachment: CustomStringConvertible, Sendable {
    /// The tool, and what it attaches.
    let description: String
    /// What stands behind `sha256-<hex>` where it is attached by a tag; nil where it names its subject.
    var tag: String?
    var artifactType: String?
    var configType = MediaType.empty
    var config = "{}"
    let layerType: String
    /// Further members of the layer's descriptor, and of the manifest, as JSON with a comma before it.
    var more = ("", "")

    static let all: [ForeignAttachment] = [
        ForeignAttachment(
            description: "cosign 2, a signature",
            tag: ".sig",
            configType: MediaType.imageConfig,
            config: """
                {"architecture":"","created":"0001-01-01T00:00:00Z","history":[{"created":"0001-01-01T00:00:00Z"}],"os":"",\
                "rootfs":{"type":"layers","diff_ids":["sha256:\(String(repeating: "a", count: 64))"]},"config":{}}
                """,
            layerType: "application/vnd.dev.cosign.simplesigning.v1+json",
            more: (#","annotations":{"dev.cosignproject.cosign/signature":"MEUCIQ=="}"#, "")
        ),
        ForeignAttachment(
            description: "cosign 2, an attestation",
            tag: ".att",
            configType: MediaType.imageConfig,
            config: #"{"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":[]},"config":{}}"#,
            layerType: "application/vnd.dsse.envelope.v1+json",
            more: (
                #","annotations":{"dev.cosignproject.cosign/signature":"","predicateType":"https://slsa.dev/provenance/v1"}"#,
                ""
            )
        ),
        ForeignAttachment(
            description: "cosign 2, a bill of materials",
            tag: ".sbom",
            configType: MediaType.imageConfig,
            config: #"{"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":[]}}"#,
            layerType: "text/spdx+json"
        ),
        ForeignAttachment(
            description: "cosign 2 with OCI 1.1, a signature",
            configType: "application/vnd.dev.cosign.artifact.sig.v1+json",
            layerType: "application/vnd.dev.cosign.simplesigning.v1+json"
        ),
        ForeignAttachment(
            description: "cosign 3 and GitHub, a sigstore bundle",
            artifactType: MediaType.sigstoreBundle,
            layerType: MediaType.sigstoreBundle,
            more: (
                "",
                #","annotations":{"dev.sigstore.bundle.content":"dsse-envelope","org.opencontainers.image.created":"2026-11-28T01:02:03Z"}"#
            )
        ),
        ForeignAttachment(
            description: "notation 1.0",
            configType: "application/vnd.cncf.notary.signature",
            layerType: "application/jose+json",
            more: ("", #","annotations":{"io.cncf.notary.x509chain.thumbprint#S256":"[\"a9c85558\"]"}"#)
        ),
        ForeignAttachment(
            description: "notation 1.3",
            artifactType: "application/vnd.cncf.notary.signature",
            layerType: "application/cose",
            more: ("", #","annotations":{"io.cncf.notary.x509chain.thumbprint#S256":"[\"a9c85558\"]"}"#)
        ),
    ]

    /// Adds it to a layout that has its subject; gives the descriptor of its manifest.
    @discardableResult
    func add(to layout: String, about subject: Descriptor) throws -> Descriptor {
        func blob(_ text: String) throws -> (digest: Digest, size: Int) {
            let bytes = Array(text.utf8)
            try Data(bytes).write(to: URL(fileURLWithPath: "\(layout)/blobs/sha256/\(Digest.of(bytes).hex)"))
            return (.of(bytes), bytes.count)
        }
        let (config, layer) = (try blob(config), try blob("what \(description) says of \(subject.digest)"))
        let type = artifactType.map { #""artifactType":"\#($0)","# } ?? ""
        let about =
            tag == nil
            ? #","subject":{"mediaType":"\#(subject.mediaType)","digest":"\#(subject.digest)","size":\#(subject.size)}"#
            : ""
        // In the order of Go's encoders, and with spaces: not ours.
        let text = """
            {"schemaVersion":2, "mediaType":"\(MediaType.imageManifest)",\(type)
            "config":{"mediaType":"\(configType)","size":\(config.size),"digest":"\(config.digest)"},
            "layers":[{"mediaType":"\(layerType)","size":\(layer.size),"digest":"\(layer.digest)"\(more.0)}]\(about)\(more.1)}
            """
        let root = try blob(text)
        var entry: [String: JSONValue] = [
            "mediaType": .string(MediaType.imageManifest), "digest": .string("\(root.digest)"),
            "size": .int(Int64(root.size)),
        ]
        if let tag {
            entry["annotations"] = .object([Annotation.referenceName: .string("sha256-\(subject.digest.hex)\(tag)")])
        } else {
            entry["artifactType"] = .string(artifactType ?? configType)
        }
        let path = URL(fileURLWithPath: layout + "/index.json")
        guard case .object(var index) = try JSONValue(parsing: Array(Data(contentsOf: path))),
            case .array(let entries)? = index["manifests"]
        else { throw CocoaError(.fileReadCorruptFile) }
        index["manifests"] = .array(entries + [.object(entry)])
        try Data(CanonicalJSON.encode(.object(index))).write(to: path)
        return Descriptor(mediaType: MediaType.imageManifest, digest: root.digest, size: Int64(root.size))
    }
}
