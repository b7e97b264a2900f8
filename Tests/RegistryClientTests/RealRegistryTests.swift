import ContentAddress
import Foundation
import ImageTransport
import ImageTransportContract
import OCI
import RegistryClient
import TestSupport
import Testing

@Suite struct RealRegistryTests {
    @Test func keepsTheContractOfDestinationsAndSources() throws {
        try DebianRegistry.run { registry in
            let images = Fixture.images()
            let reference = "\(registry.host)/team/image:1"
            try Fixture.layout { source in
                try ImageDestinationContract.check(source) {
                    try images.destination(reference, name: nil)
                } read: {
                    try Self.source(reference, images)
                }
            }
        }
    }

    @Test func readsByDigestWhatItWroteByTag() throws {
        try DebianRegistry.run { registry in
            let images = Fixture.images()
            try Fixture.layout { source in
                let root = try ImageCopy.run(
                    from: source,
                    to: images.destination("\(registry.host)/image:1", name: nil)
                )
                let byDigest = try images.source("\(registry.host)/image@\(root.digest)")
                #expect(try byDigest.root().bytes == source.root().bytes)
                try ImageSourceContract.check(byDigest)
            }
        }
    }

    @Test func theImagesNameIsTheTagWhereTheReferenceHasNone() throws {
        try DebianRegistry.run { registry in
            let images = Fixture.images()
            let name = try ImageReference(parsing: "other/name:v7")
            try Fixture.layout { source in
                try ImageCopy.run(from: source, to: images.destination("\(registry.host)/image", name: name))
                #expect(try images.source("\(registry.host)/image:v7").root().digest == source.root().digest)
            }
        }
    }

    @Test func copiesFromOneRepositoryToAnotherWithoutSendingBytes() throws {
        try DebianRegistry.run { registry in
            let images = Fixture.images()
            try Fixture.layout { source in
                try ImageCopy.run(from: source, to: images.destination("\(registry.host)/first:1", name: nil))
                let first = try images.source("\(registry.host)/first:1")
                try ImageCopy.run(from: first, to: images.destination("\(registry.host)/second:1", name: nil))
                let second = try images.source("\(registry.host)/second:1")
                #expect(try second.root().digest == source.root().digest)
                try ImageSourceContract.check(second)
            }
        }
    }

    @Test func passwordAndTLSOfAnAuthorityOfItsOwn() throws {
        try DebianRegistry.run(.init(hasTLS: true, hasPassword: true)) { registry in
            let auth = Data("user:secret".utf8).base64EncodedString()
            let file = registry.directory + "/auth.json"
            try Data(#"{"auths": {"\#(registry.host)": {"auth": "\#(auth)"}}}"#.utf8).write(
                to: URL(fileURLWithPath: file)
            )
            let images = Fixture.images(environment: ["REGISTRY_AUTH_FILE": file], authority: registry.authority)
            let reference = "\(registry.host)/image:1"
            try Fixture.layout { source in
                try ImageCopy.run(from: source, to: images.destination(reference, name: nil))
                try ImageSourceContract.check(try images.source(reference))
            }

            let nobody = Fixture.images(authority: registry.authority)
            Self.expect("no credentials were found") { try nobody.source(reference) }

            let anonymous = Fixture.images(environment: ["REGISTRY_AUTH_FILE": file])
            Self.expect("--tls-ca") { try anonymous.source(reference) }

            let careless = Fixture.images(environment: ["REGISTRY_AUTH_FILE": file], insecure: true)
            #expect(try careless.source(reference).root().bytes.isEmpty == false)
        }
    }

    @Test func aPushWhoseConnectionsBreakOffArrivesWhole() throws {
        try DebianRegistry.run { registry in
            try BreakingProxy.run(to: registry.port, limits: [600_000, 700_000, 500_000]) { proxy in
                try Fixture.layout { source in
                    // All three may hit the same blob.
                    let images = Fixture.images(attempts: 6)
                    let destination = try images.destination("\(proxy.host)/image:1", name: nil)
                    var counted: Int64 = 0
                    let root = try ImageCopy.run(from: source, to: destination) { counted += $0 }
                    #expect(proxy.breaks == 3)
                    #expect(try counted == ImageOutline(of: source).blobs.map(\.size).reduce(0, +))
                    let copy = try Fixture.images().source("\(registry.host)/image@\(root.digest)")
                    try ImageSourceContract.check(copy)
                }
            }
        }
    }

    @Test func skopeoReadsWhatWasPushed() throws {
        try DebianRegistry.run { registry in
            let images = Fixture.images()
            try Fixture.layout { source in
                let root = try ImageCopy.run(
                    from: source,
                    to: images.destination("\(registry.host)/image:1", name: nil)
                )
                try Shell.run(
                    """
                    skopeo copy --quiet --all --src-tls-verify=false docker://\(registry.host)/image:1 oci:copy:1
                    skopeo inspect --raw --tls-verify=false docker://\(registry.host)/image:1 > raw
                    """,
                    in: registry.directory
                )
                #expect(
                    try Digest.of([UInt8](Data(contentsOf: URL(fileURLWithPath: registry.directory + "/raw"))))
                        == root.digest
                )
                let copy = try ImageSources.open(.layout(path: registry.directory + "/copy", tag: "1"))
                #expect(try ImageSourceContract.check(copy) == ImageSourceContract.check(source))
            }
        }
    }

    private static func source(_ reference: String, _ images: RegistryImages) throws -> (any ImageSource)? {
        do throws(TransportError) {
            return try images.source(reference)
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    private static func expect(
        _ words: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> any ImageSource
    ) {
        let error = #expect(throws: TransportError.self, sourceLocation: sourceLocation) { _ = try body() }
        #expect(
            error?.description.contains(words) == true,
            "\(String(describing: error))",
            sourceLocation: sourceLocation
        )
    }
}
