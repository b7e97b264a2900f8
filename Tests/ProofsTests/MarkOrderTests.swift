import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Release
import Testing

@testable import Proofs

/// Marks count in the order in which they were made, whatever the order in which they come.
@Suite struct MarkOrderTests {
    private let key: PrivateKey
    private let subject: Revocation.Subject

    init() throws {
        key = try PrivateKey.generate(.ecdsaP256)
        subject = .release(try ReleaseKey(parsing: "agent@1"))
    }

    /// A mark that came with its statement at noon, and was made at a minute after midnight.
    private func mark(_ level: Revocation.Level, _ minute: Int64, reason: String = "a reason") throws -> Revocation {
        let statement = Statement(
            subjects: [Statement.Subject(name: nil, digest: .of([]))],
            predicateType: RevocationStatement.type,
            predicate: .object([
                "level": .string(level.rawValue), "reason": .string(reason),
                "revokedAt": .string(Timestamp(milliseconds: minute * 60_000).rfc3339), "subject": "agent@1",
            ])
        )
        let envelope = try statement.signed(by: key)
        let proof = Revocation.Proof(key: key.publicKey.identifier, bytes: CanonicalJSON.encode(envelope.json))
        return Revocation(
            subject,
            level,
            reason: reason,
            at: Timestamp(milliseconds: 43_200_000),
            by: "test",
            proof: proof
        )
    }

    /// One that was made here.
    private func own(_ level: Revocation.Level, _ minute: Int64) -> Revocation {
        Revocation(subject, level, reason: "our own", at: Timestamp(milliseconds: minute * 60_000), by: "test")
    }

    private func counting(
        _ offered: [Revocation],
        beside known: [Revocation] = []
    ) -> (levels: [Revocation.Level], remarks: Int) {
        var remarks: [Message] = []
        let found = MarkOrder.counting(offered, beside: known) { remarks.append($0) }
        return (found.map(\.level), remarks.count)
    }

    @Test("the order is the statements', not the bundle's")
    func order() throws {
        let marks = [try mark(.denied, 1), try mark(.denied, 3), try mark(.lifted, 2)]
        #expect(counting(marks) == ([.denied, .lifted, .denied], 0))
    }

    @Test("a lift ends no mark that was made after it, here or elsewhere")
    func oldLift() throws {
        let (denial, lift) = (try mark(.denied, 1), try mark(.lifted, 2))
        #expect(counting([denial, lift], beside: [own(.denied, 3)]) == ([.denied], 1))
        #expect(counting([lift], beside: [denial, try mark(.denied, 3)]) == ([], 1))
        #expect(counting([lift], beside: [denial]) == ([.lifted], 0))
        #expect(counting([denial, try mark(.lifted, 4)], beside: [own(.denied, 3)]) == ([.denied, .lifted], 0))
    }

    @Test("a warning doesn't weaken a later denial, and counts once that is lifted")
    func oldWarning() throws {
        let warning = try mark(.warned, 1)
        #expect(counting([warning], beside: [own(.denied, 3)]) == ([], 1))
        #expect(counting([warning], beside: [own(.denied, 3), own(.lifted, 4)]) == ([.warned], 0))
        #expect(counting([try mark(.denied, 1)], beside: [own(.warned, 3)]) == ([.denied], 0))
    }

    @Test("what is known doesn't come back, and the same words again are another mark")
    func known() throws {
        let denial = try mark(.denied, 1)
        // ECDSA signs the same statement in another way each time.
        #expect(counting([denial, try mark(.denied, 1)], beside: [denial, own(.lifted, 2)]) == ([], 0))
        #expect(counting([denial, try mark(.denied, 3)], beside: [denial, own(.lifted, 2)]) == ([.denied], 0))
    }
}
