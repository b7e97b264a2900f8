package import Attestation
package import ContentAddress
package import Printable
package import Release

/// Why something isn't signed, isn't believed, or can't be compared.
package enum ProofError: Error, CustomStringConvertible {
    /// An image was built, and its audit doesn't let anything be signed of it.
    case unattested(image: Digest, verdict: String)
    /// A statement is asked for about a release whose files may still change.
    case notSealed(ReleaseKey)
    /// A release isn't sealed, and the store requires it.
    case unsealed(ReleaseKey)
    /// An image was made of a draft that isn't sealed as it was then.
    case madeOfDraft(image: String, draft: String, remedy: Message)
    /// A release in a bundle isn't signed, and a trusted key speaks of its name.
    case unsigned(ReleaseKey)
    /// No checkpoint of the log was signed since the one that a delta begins at.
    case notSignedSince(Int64)
    /// What a bundle proves of a part is wrong.
    case wrongProofs(part: String, reason: String)
    /// The program that signs gave no signature.
    case signer(program: String, reason: String)
    /// The environment has no key in a variable.
    case noKey(variable: String)
    /// A private key is one of another role than what is to be signed.
    case otherRole(key: String, has: KeyRole, wanted: KeyRole)
    /// The variable for the passphrase is empty, and a key is to be written.
    case emptyPassphrase(variable: String)
    /// A file has no passphrase in its first line.
    case noPassphrase(path: String)
    /// Advisories can't be read.
    case advisories(path: String, reason: String)

    /// One to three lines for a person.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .unattested(let image, let verdict):
            """
            \(image) is built, and nothing was signed of it: its audit says \(verdict)
            `bindery audit image@\(image)` says why.
            """
        case .notSealed(let release):
            """
            \(release) is not sealed: a set that still grows has no digest to speak of
            `bindery seal \(release)` completes it.
            """
        case .unsealed(let release):
            """
            \(release) is not sealed, and this store takes sealed releases only
            `bindery seal \(release)` completes it.
            """
        case .madeOfDraft(let image, let draft, let remedy):
            """
            \(image) was made of the draft \(draft, limit: 256), which isn't sealed with these files
            Seal the release and build the image again
            """ + remedy
        case .unsigned(let release):
            """
            \(release) is not signed by a key that is trusted for its name, and nothing was imported
            `bindery seal --key` signs it where it comes from; --allow-unsigned takes it all the same, and the log says so.
            """
        case .notSignedSince(let size):
            """
            no key of the log has signed it since event \(size), so that nothing shows that it goes on from there
            Give --key, a key of the log, or --no-proofs.
            """
        case .wrongProofs(let part, let reason): "the proofs of \(part) are wrong: \(message: reason)"
        case .signer(let program, let reason): "\(program) didn't sign: \(message: reason)"
        case .noKey(let variable): "the environment has no key in \(variable)"
        case .otherRole(let key, let role, let wanted):
            "\(key) is a key of the role \(role.rawValue), and one of the role \(wanted.rawValue) is needed"
        case .emptyPassphrase(let variable):
            "\(variable) is empty, and the key would not be encrypted: give it a value or unset it"
        case .noPassphrase(let path): "\(path) has no passphrase in its first line"
        case .advisories(let path, let reason): "\(path) can't be read as advisories: \(message: reason)"
        }
    }
}
