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

    private static let early = Timestamp(milliseconds: 10)
    private static let middle = Timestamp(milliseconds: 20)
    private static let late = Timestamp(milliseconds: 30)

    @Test(
        "by the time of the log's leaf, a key counts until its end",
        arguments: [
            ("expired, signed before", nil, Self.middle, nil, Self.early, true),
            ("expired, signed behind its end", nil, Self.middle, nil, Self.late, false),
            ("expired, signed at its end", nil, Self.middle, nil, Self.middle, false),
            ("expired, without a log", nil, Self.middle, nil, nil, false),
            ("revoked, signed before", nil, nil, Self.middle, Self.early, true),
            ("revoked, signed when it was", nil, nil, Self.middle, Self.middle, false),
            ("revoked, signed later", nil, nil, Self.middle, Self.late, false),
            ("revoked, without a log", nil, nil, Self.middle, nil, false),
            ("not valid then, valid now", Self.middle, nil, nil, Self.early, false),
            ("valid then and now", Self.middle, nil, nil, Self.late, true),
            ("valid now, without a log", Self.middle, nil, nil, nil, true),
            (
                "a leaf that is still to come counts as one of now", nil, Self.noon, nil,
                Timestamp(milliseconds: 50_000_000), false
            ),
            ("the same of a key that is valid now", Self.early, nil, nil, Timestamp(milliseconds: 50_000_000), true),
        ] as [(String, Timestamp?, Timestamp?, Timestamp?, Timestamp?, Bool)]
    )
    func leaves(
        _ name: String,
        from: Timestamp?,
        until: Timestamp?,
        revoked: Timestamp?,
        leaf: Timestamp?,
        counts: Bool
    ) throws {
        let key = self.key(from: from, until: until, revoked: revoked)
        let names = [try RepositoryName(parsing: "team/agent")]
        func check() throws { try key.check(signing: PredicateType.release, of: names, at: Self.noon) { leaf } }
        if counts { return try check() }
        #expect(throws: StatementProblem.self) { try check() }
    }

    @Test("a key that is simply valid needs no look into the log")
    func simplyValid() throws {
        struct Asked: Error {}
        let names = [try RepositoryName(parsing: "team/agent")]
        try key(until: Timestamp(milliseconds: 86_400_000))
            .check(signing: PredicateType.release, of: names, at: Self.noon) { throw Asked() }
    }
}
