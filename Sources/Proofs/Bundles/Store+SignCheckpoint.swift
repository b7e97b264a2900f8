package import ArtifactStore
package import Attestation
import ContentAddress
import TransparencyLog

extension Store {
    /// Signs the log as it stands, and keeps the checkpoint; one that the key has signed stays, with its witnesses.
    ///
    /// In a store that can't be written it is signed and not kept.
    package func signCheckpoint(by signer: any Signing) throws -> ImportedProofs.SeenCheckpoint {
        let head = try logHead()
        let verifier = try NoteVerifier(name: head.origin, key: signer.publicKey)
        if let last = try signedCheckpoints().last, last.checkpoint == head,
            (try? SignedNote(parsing: last.note).verify(by: verifier)) != nil
        {
            return last
        }
        let note = try SignedNote(signing: head.text, as: head.origin, by: signer)
        try SignedNote(parsing: note.bytes).verify(by: verifier)
        if isWritable { try keepCheckpoint(head, note: note.bytes) }
        return ImportedProofs.SeenCheckpoint(head, note: note.bytes)
    }
}
