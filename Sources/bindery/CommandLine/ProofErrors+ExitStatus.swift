import Attestation
import Proofs
import TransparencyLog

extension ProofError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .unattested: .no
        case .notSealed, .unsealed, .madeOfDraft: .conflict
        case .unsigned, .wrongProofs: .integrity
        case .signer: .environment
        case .noKey, .notSignedSince, .noPassphrase, .otherRole, .emptyPassphrase, .advisories: .usage
        }
    }
}

extension KeyError: FailureWithStatus {
    var exitStatus: ExitStatus {
        switch self {
        case .unreadable, .passphraseNeeded, .wrongPassphrase, .unsupported: .usage
        case .failed: .environment
        }
    }
}

extension AttestationError: FailureWithStatus {
    var exitStatus: ExitStatus { .integrity }
}

extension NoteError: FailureWithStatus {
    var exitStatus: ExitStatus { .integrity }
}
