import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Testing

@testable import Proofs

/// A statement counts by the role, the scope and the life of the key that signed it.
@Suite struct TrustedKeyTests {
    private static let noon = Timestamp(milliseconds: 43_200_000)

    private func key(
        role: String = "release",
        scope: [String] = [],
        from: Timestamp? = nil,
        until: Timestamp? = nil,
        revoked: Timestamp? = nil
    ) -> TrustedKey {
        TrustedKey(
            identifier: .of([]),
            name: "ours",
            role: role,
            encoded: [],
            scope: scope,
            validFrom: from,
            validUntil: until,
            trustedAt: Timestamp(milliseconds: 0),
            trustedBy: "test",
            revocation: revoked.map { TrustedKey.Revocation(at: $0, reason: "it was lost") }
        )
    }

    private func check(
        _ key: TrustedKey,
        _ type: String = PredicateType.release,
        of names: [String] = ["team/agent"]
    )
        throws
    {
        try key.check(signing: type, of: names.map { try RepositoryName(parsing: $0) }, at: Self.noon)
    }

    @Test(arguments: [
        (PredicateType.release, "release"), (PredicateType.provenance, "builder"),
        (PredicateType.earlierProvenance, "builder"), (PredicateType.containment, "builder"),
        (PredicateType.verification, "audit"), ("https://example.com/other", "release"),
    ])
    func eachPredicateHasOneRole(type: String, role: String) throws {
        #expect(PredicateType.role(of: type).rawValue == role)
        for other in ["release", "builder", "audit", "log"] {
            if other == role {
                try check(key(role: other), type)
            } else {
                #expect(throws: StatementProblem.self) { try check(key(role: other), type) }
            }
        }
    }

    @Test func everyNameMustBeInTheScope() throws {
        try check(key(scope: ["team/*"]))
        try check(key(scope: ["other", "team/*"]), of: ["team/agent", "team/tool"])
        #expect(throws: StatementProblem.self) { try check(key(scope: ["team/*"]), of: ["team/agent", "tool"]) }
    }

    @Test func aKeyCountsWhileItIsValid() throws {
        let (before, after) = (Timestamp(milliseconds: 1), Timestamp(milliseconds: 86_400_000))
        try check(key(from: before, until: after))
        for invalid in [key(from: after), key(until: before), key(revoked: before), key(revoked: after)] {
            #expect(throws: StatementProblem.self) { try check(invalid) }
        }
    }
}
