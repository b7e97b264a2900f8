import ContentAddress
import Foundation
import TestSupport
import Testing

/// Configs and manifests that readers take in different ways, or that aren't JSON as the specification wants it.
@Suite struct TamperedDocumentTests {
    /// A trick on the config's text.
    private static func config(
        _ name: String,
        _ outcome: Trick.Outcome,
        _ edit: @escaping @Sendable (String) -> String
    ) -> Trick {
        Trick(image: "config: " + name, outcome) { $0.editConfig = edit }
    }

    /// A trick on the manifest's text.
    private static func manifest(
        _ name: String,
        _ outcome: Trick.Outcome,
        _ edit: @escaping @Sendable (String) -> String
    ) -> Trick {
        Trick(image: "manifest: " + name, outcome) { $0.editManifest = edit }
    }

    /// Puts members in front of those that a text has.
    private static func first(_ members: String) -> @Sendable (String) -> String {
        { "{" + members + "," + $0.dropFirst() }
    }

    /// Puts members behind those that a text has.
    private static func last(_ members: String) -> @Sendable (String) -> String {
        { $0.dropLast() + "," + members + "}" }
    }

    private static let other = #"{"type":"layers","diff_ids":[]}"#

    static let configs: [Trick] = [
        config("another rootfs in front", .ambiguous, first(#""rootfs":\#(other)"#)),
        config("another rootfs behind", .ambiguous, last(#""rootfs":\#(other)"#)),
        config("another rootfs in capitals", .ambiguous, last(#""RootFS":\#(other)"#)),
        config("another rootfs with a long s", .ambiguous, last("\"rootf\u{17F}\":\(other)")),
        config("another rootfs by an escape", .ambiguous, last(##""\u0072ootfs":\##(other)"##)),
        config("a path that ends early for some", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""Env":["PATH=/b\u0000:/usr/bin"],"Entrypoint":"#)
        },
        config("another config behind", .ambiguous, last(#""config":{"Entrypoint":["/bin/sh"]}"#)),
        config("another config in capitals", .ambiguous, last(#""Config":{"Entrypoint":["/bin/sh"]}"#)),
        config("another platform", .ambiguous, last(#""architecture":"arm64""#)),
        config("another os in capitals", .ambiguous, last(#""OS":"windows""#)),
        config("an entrypoint twice", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""Entrypoint":["/bin/sh"],"Entrypoint":"#)
        },
        config("an entrypoint in small letters", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""entrypoint":["/bin/sh"],"Entrypoint":"#)
        },
        config("a command in capitals alone", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""CMD":["/bin/sh"],"Entrypoint":"#)
        },
        config("a user in small letters alone", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""user":"0","Entrypoint":"#)
        },
        config("the environment twice", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""Env":["A=1"],"Env":["A=2"],"Entrypoint":"#)
        },
        config("a label twice", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""Labels":{"a":"1","a":"2"},"Entrypoint":"#)
        },
        config("the list of layers twice", .ambiguous) {
            $0.replacingOccurrences(of: #""diff_ids":"#, with: #""diff_ids":[],"diff_ids":"#)
        },
        config("the list of layers in capitals", .ambiguous) {
            $0.replacingOccurrences(of: #""diff_ids":"#, with: #""Diff_IDs":[],"diff_ids":"#)
        },
        config("a member in two characters and in one", .ambiguous, last(##""x":{"\u00e9":1,"e\u0301":2}"##)),
        config("Docker's second config twice", .ambiguous, last(#""container_config":{},"container_config":{}"#)),
        config("a health check in small letters", .ambiguous) {
            $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""healthcheck":{},"Entrypoint":"#)
        },
        config("a number beyond every reader's", .damaged, last(#""x":1e999"#)),
        config("bytes behind it", .damaged) { $0 + "{}" },
        config("a zero byte behind it", .damaged) { $0 + "\0" },
        config("a byte order mark", .damaged) { "\u{FEFF}" + $0 },
        config("half a surrogate", .damaged, last(##""author":"\ud800""##)),
        config("a comma too many", .damaged) { $0.dropLast() + ",}" },
        config("a comment", .damaged) { "/* config */" + $0 },
        config(
            "10,000 lists in each other",
            .damaged,
            last(#""x":"# + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000))
        ),
        config("a list", .damaged) { "[" + $0 + "]" },
        config("nothing", .damaged) { _ in "" },
    ]

    static let manifests: [Trick] = [
        manifest("other layers in front", .ambiguous, first(#""layers":[]"#)),
        manifest("other layers behind", .ambiguous, last(#""layers":[]"#)),
        manifest("other layers in capitals", .ambiguous, last(#""Layers":[]"#)),
        manifest("other layers with a long s", .ambiguous, last("\"layer\u{17F}\":[]")),
        manifest("another config", .ambiguous, last(#""config":{}"#)),
        manifest("another config in capitals", .ambiguous, last(#""CONFIG":{}"#)),
        manifest("a digest twice", .ambiguous) {
            $0.replacingOccurrences(
                of: #"{"digest":"#,
                with: #"{"digest":"sha256:\#(String(repeating: "0", count: 64))","digest":"#
            )
        },
        manifest("a size in capitals", .ambiguous) {
            $0.replacingOccurrences(of: #"{"digest":"#, with: #"{"Size":1,"digest":"#)
        },
        manifest("a media type twice", .ambiguous, last(#""mediaType":"application/vnd.oci.image.index.v1+json""#)),
        manifest("an annotation twice", .ambiguous) {
            $0.replacingOccurrences(of: #""annotations":{}"#, with: #""annotations":{"a":"1","a":"2"}"#)
        },
        manifest("manifests beside layers", .ambiguous, last(#""manifests":[]"#)),
        manifest("layers of schema 1 beside its own", .ambiguous, last(#""fsLayers":[]"#)),
        manifest("bytes in a descriptor that aren't the blob's", .ambiguous) {
            $0.replacingOccurrences(of: #"{"digest":"#, with: #"{"data":"e30=","digest":"#)
        },
        manifest("a subject in capitals", .ambiguous, last(#""Subject":{}"#)),
        manifest("a version of 1", .damaged) {
            $0.replacingOccurrences(of: #""schemaVersion":2"#, with: #""schemaVersion":1"#)
        },
        manifest("a version with a point", .damaged) {
            $0.replacingOccurrences(of: #""schemaVersion":2"#, with: #""schemaVersion":2.0"#)
        },
        manifest("layers that are an object", .damaged) {
            $0.replacingOccurrences(of: #""layers":["#, with: #""layers":{"a":["#) + "}"
        },
        manifest("another media type inside", .ambiguous) {
            $0.replacingOccurrences(of: "image.manifest.v1", with: "image.index.v1")
        },
        manifest("bytes behind it", .damaged) { $0 + " x" },
        manifest("a byte order mark", .damaged) { "\u{FEFF}" + $0 },
        manifest("a size beyond 64 bits", .damaged) {
            $0.replacingOccurrences(of: #""size":"#, with: #""size":1000000000000000000000"#)
        },
        manifest("a negative size", .damaged) { $0.replacingOccurrences(of: #""size":"#, with: #""size":-"#) },
        manifest("a layer's size one too many", .damaged) {
            $0.replacingOccurrences(of: #""size":"#, with: #""size":1"#)
        },
        manifest("a digest that is none", .damaged) { $0.replacingOccurrences(of: "sha256:", with: "sha256:x") },
    ]

    /// Media types of a config with which some engines run the image, and others take it for an artifact.
    static let configTypes = [
        "application/vnd.example.config+json", "text/plain", "application/vnd.docker.plugin.v1+json",
        "application/vnd.cncf.helm.config.v1+json", "application/vnd.oci.image.config.v1+JSON",
        "application/vnd.oci.image.config.v1+json; charset=utf-8", "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.layer.v1.tar",
    ].map { type in
        manifest("a config of the media type \(type)", .ambiguous) {
            $0.replacingOccurrences(of: #""application/vnd.oci.image.config.v1+json""#, with: "\"\(type)\"")
        }
    }

    @Test(arguments: configs + manifests + configTypes)
    func isNeverSure(_ trick: Trick) throws { try trick.check() }
}
