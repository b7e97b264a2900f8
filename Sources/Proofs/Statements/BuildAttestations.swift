package import ArtifactStore
package import Attestation
package import ContentAddress
package import ImageAssembler
import ImageAuditor
import ImageTransport
package import OCI
package import Release
import SBOM

/// What a build says of its image, signed by the builder's key: how it was made, and what is in it.
package struct BuildAttestations {
    let builder: String
    let signer: any Signing
    let store: Store

    package init(builder: String, signer: any Signing, store: Store) {
        self.builder = builder
        self.signer = signer
        self.store = store
    }

    /// What was asked of a build.
    package struct Request: Sendable {
        let releases: [ReleaseKey]
        var dockerfile: (path: String, bytes: [UInt8])
        let arguments: [String: String]
        let target: String?
        var settings: ImageBuilder.Options
        let platforms: [Platform]
        let compression: String

        package init(
            releases: [ReleaseKey],
            dockerfile: (path: String, bytes: [UInt8]),
            arguments: [String: String],
            target: String?,
            settings: ImageBuilder.Options,
            platforms: [Platform],
            compression: String
        ) {
            self.releases = releases
            self.dockerfile = dockerfile
            self.arguments = arguments
            self.target = target
            self.settings = settings
            self.platforms = platforms
            self.compression = compression
        }
    }

    /// Makes and keeps the statements about an image of the store; gives the types of those that are new.
    ///
    /// The image is audited first, and nothing is signed of one that doesn't pass.
    package func add(to image: Digest, _ request: Request) throws -> [String] {
        let reference = ImageReference(repository: try RepositoryName(parsing: "image"), digest: image)
        let source = try StoreSource(store: store, reference: reference)
        let audit = try Auditor(store: store).audit(source)
        guard audit.isAcceptable(exact: false), let containment = Containment.statement(about: audit) else {
            throw ProofError.unattested(image: image, verdict: audit.verdict?.rawValue ?? "damaged")
        }
        return try [provenance(audit, request), containment].filter { statement in
            let what = "the statement about \(image.short)"
            return try store.attest(NewAttestation(signing: statement, by: signer, what: what))
        }.map(\.predicateType)
    }

    private func provenance(_ audit: ImageAudit, _ request: Request) -> Statement {
        let digests = [audit.digest].compactMap(\.self) + audit.platforms.map(\.manifest)
        var seen: Set<Digest> = []
        let subjects = digests.filter { seen.insert($0).inserted }.map { Statement.Subject(name: nil, digest: $0) }
        return request.provenance(of: subjects, by: builder, dependencies: dependencies(audit, request))
    }

    private func dependencies(_ audit: ImageAudit, _ request: Request) -> [JSONValue] {
        var all = [request.dockerfileDependency]
        var files: [String: JSONValue] = [:]
        for file in audit.platforms.flatMap(\.files) where file.identity.isReleased {
            guard let artifact = file.artifacts.first else { continue }
            files["\(artifact.key.release)/\(artifact.key.pathByPlatform)"] = Request.dependency(artifact)
        }
        all += files.sorted { $0.key < $1.key }.map(\.value)
        var seen: Set<Digest> = []
        for base in audit.platforms.compactMap(\.base) where seen.insert(base.digest).inserted {
            all.append(Request.dependency(base.digest, ["name": base.name]))
        }
        return all
    }
}

extension BuildAttestations.Request {
    /// SLSA provenance v1 (docs/predicates/provenance.md); without times, so that the same build says the same.
    func provenance(
        of subjects: [Statement.Subject],
        by builder: String,
        dependencies: [JSONValue]
    ) -> Statement {
        var parameters: [String: JSONValue] = [
            "buildArguments": .object(arguments.mapValues { .string($0) }),
            "compression": .string(compression),
            "dockerfile": .string(dockerfile.path),
            "platforms": .array(platforms.map { .string("\($0)") }),
            "releases": .array(releases.map { .string("\($0)") }),
        ]
        if let target { parameters["target"] = .string(target) }
        let definition: [String: JSONValue] = [
            "buildType": .string(PredicateType.buildType),
            "externalParameters": .object(parameters),
            "internalParameters": .object([
                "derivation": .int(Int64(settings.derivation)), "epoch": .int(settings.epoch),
            ]),
            "resolvedDependencies": .array(dependencies),
        ]
        return Statement(
            subjects: subjects,
            predicateType: PredicateType.provenance,
            predicate: .object([
                "buildDefinition": .object(definition),
                "runDetails": .object(["builder": .object(["id": .string(builder)])]),
            ])
        )
    }

    /// The Dockerfile among what the image was made of.
    var dockerfileDependency: JSONValue { Self.dependency(.of(dockerfile.bytes), ["name": dockerfile.path]) }

    /// A released file among what the image was made of.
    static func dependency(_ artifact: Artifact) -> JSONValue {
        let name = "\(artifact.key.release)/\(artifact.key.pathByPlatform)"
        return dependency(artifact.digest, ["name": name, "uri": "\(PackageURL(releasedAs: artifact.key.release))"])
    }

    /// Something that the image was made of.
    static func dependency(_ digest: Digest, _ members: [String: String]) -> JSONValue {
        .object(
            members.mapValues { .string($0) }
                .merging(["digest": .object(["sha256": .string(digest.hex)])]) { first, _ in first }
        )
    }
}
