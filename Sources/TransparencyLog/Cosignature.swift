package import Attestation

/// A witness's signature on a checkpoint: when it signed, it had seen no larger one of this log, and none that this one
/// doesn't go on from (C2SP tlog-cosignature 1.0.1, Ed25519).
package struct Cosignature: Sendable, Hashable {
    /// Whose it is.
    package let witness: NoteVerifier
    /// When it signed, in seconds since 1970.
    package let time: Int64

    private static let timeCount = 8

    static func message(_ text: String, at time: Int64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }

    /// The line that a witness adds to a note; throws for a time before 1970 and what the key fails at.
    static func sign(
        _ text: String,
        as name: String,
        at time: Int64,
        by signer: some Signing
    ) throws -> SignedNote.Signature {
        let verifier = try NoteVerifier(name: name, key: signer.publicKey, kind: .cosignature)
        guard let seconds = UInt64(exactly: time) else { throw NoteError.malformed("a time before 1970") }
        let signature = try signer.signature(over: message(text, at: time))
        let bytes = withUnsafeBytes(of: seconds.bigEndian) { Array($0) }
        return SignedNote.Signature(name: name, bytes: verifier.keyHash + bytes + signature)
    }

    /// The time in a signature's bytes; nil for one that is too short, or of no time.
    static func time(in signature: SignedNote.Signature) -> Int64? {
        let bytes = signature.bytes.dropFirst(NoteVerifier.hashCount)
        guard bytes.count > timeCount else { return nil }
        return Int64(exactly: bytes.prefix(timeCount).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    static func verifies(_ signature: SignedNote.Signature, of text: String, by key: PublicKey) -> Bool {
        guard let time = time(in: signature) else { return false }
        let bytes = Array(signature.bytes.dropFirst(NoteVerifier.hashCount + timeCount))
        return key.verifies(bytes, of: message(text, at: time))
    }
}

extension NoteVerifier {
    func verifies(_ signature: SignedNote.Signature, of text: String) -> Bool {
        switch kind {
        case .note: key.verifies(Array(signature.bytes.dropFirst(Self.hashCount)), of: Array(text.utf8))
        case .cosignature: Cosignature.verifies(signature, of: text, by: key)
        }
    }
}

extension SignedNote {
    /// A witness's line for the note, which is a checkpoint.
    package func cosignature(as name: String, at time: Int64, by signer: some Signing) throws -> Signature {
        try Cosignature.sign(text, as: name, at: time, by: signer)
    }

    /// When a witness signed it, by the earliest of its signatures; nil where it has none.
    ///
    /// Throws for a signature in the witness's name that isn't the witness's.
    package func cosignature(of witness: NoteVerifier) throws(NoteError) -> Cosignature? {
        guard hasSignature(of: witness) else { return nil }
        try verify(by: witness)
        return signatures(of: witness).compactMap(Cosignature.time).min().map {
            Cosignature(witness: witness, time: $0)
        }
    }

    /// The note with further signatures of keys, of which it has none; those of other keys are left out.
    ///
    /// `lines` are a witness's answer, a line for each signature. Throws for one of these keys that doesn't verify.
    package func adding(_ lines: [UInt8], of verifiers: [NoteVerifier]) throws(NoteError) -> SignedNote {
        let other = try SignedNote(parsing: Array("\(text)\n".utf8) + lines)
        var signatures = signatures
        for verifier in verifiers where !hasSignature(of: verifier) && other.hasSignature(of: verifier) {
            try other.verify(by: verifier)
            signatures += other.signatures(of: verifier)
        }
        guard signatures.count <= Self.signatureLimit else {
            throw .malformed("it would have \(signatures.count) signatures; \(Self.signatureLimit) are the most")
        }
        return SignedNote(text: text, signatures: signatures)
    }
}
