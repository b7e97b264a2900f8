import ArtifactStore
import Attestation
import ImageAssembler
import OCI
import Proofs

extension BuildCommand {
    /// What signs about the image; nil where nothing does.
    func attestationSigner() throws -> (any Signing)? {
        let signer = try signing.signer(as: .builder)
        guard signer != nil || !attest else {
            throw UsageError(description: "there is no key: give --key or --signer, or set BINDERY_BUILDER_KEY")
        }
        guard signer != nil || builderID == nil || attestDocker else {
            throw UsageError(description: "--builder-id has no effect without a builder's key")
        }
        return signer
    }

    /// The statements that are signed.
    func attestations(by signer: any Signing, in store: Store) throws -> BuildAttestations {
        try BuildAttestations(builder: builder(), signer: signer, store: store)
    }

    private func builder() throws -> String {
        try builderID ?? EnvironmentVariable.uri("BINDERY_BUILDER_ID") ?? Self.localBuilder
    }

    /// The statements that go into the index; nil where none do.
    func stating(
        _ plan: ContextPlan,
        _ settings: ImageBuilder.Options,
        _ store: Store
    ) throws -> BuiltImage.Stating? {
        guard attestDocker else { return nil }
        let request = request(plan, settings)
        let statements = try IndexStatements(builder: builder(), request, contexts: build.contextReleases, in: store)
        return { image, source throws(AssemblerError) in try statements.statements(about: image, in: source) }
    }

    /// What was asked for, as statements have it.
    func request(_ plan: ContextPlan, _ settings: ImageBuilder.Options) -> BuildAttestations.Request {
        let arguments = build.buildArg.map { argument in
            ((argument.platform.map { "\($0):" } ?? "") + argument.key, argument.value)
        }
        return BuildAttestations.Request(
            releases: build.releases,
            dockerfile: (build.file, plan.dockerfileBytes),
            arguments: Dictionary(arguments) { _, last in last },
            target: build.target,
            settings: settings,
            platforms: plan.platforms,
            compression: compression + (compressionLevel.map { " \($0)" } ?? "")
        )
    }
}
