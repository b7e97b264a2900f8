package import ContentAddress
package import ELF
package import OCI
package import Release
package import SystemIO

/// Why the store refused or failed.
package enum StoreError: Error {
    /// There is no store in this directory.
    case noStore(path: String)
    /// What stands at the store's place isn't a store of a format that this version knows.
    case notAStore(path: String, reason: String)
    /// The store can be read only, and a change was asked for.
    case readOnly(path: String)
    /// A system call failed: full disk, permissions, input or output.
    case system(SystemError)
    /// SQLite failed: busy for too long, full disk, a damaged index.
    case index(path: String, failure: IndexFailure, reason: String)
    /// What is to be put isn't a regular file.
    case notARegularFile(path: String, kind: FileStatus.Kind)
    /// Standard input was to be put, and is empty.
    case emptyInput
    /// The file to put changed while it was read.
    case sourceChanged(path: String)
    /// A file name that can't stand in a context.
    case badFileName(String)
    /// The file is a program for another platform than the one given.
    case wrongPlatform(path: String, given: Platform, found: String)
    /// The file starts like an ELF file, but can't be one.
    case damagedProgram(path: String, reason: ELFError)
    /// No platform was given, and the file doesn't name one.
    case platformUnknown(path: String)
    /// A program for more than one platform, and none was given: `found` is what it is for.
    case severalPlatforms(path: String, found: String)
    /// The version doesn't stand in the file's bytes.
    case versionNotInFile(path: String, version: String)
    /// The file doesn't have the digest that was given for it.
    case otherBytes(path: String, expected: Digest, found: Digest)
    /// No attestation that was given is about the file.
    case provenanceOfOther(path: String, digest: Digest)
    /// One call puts two different files under one key.
    case duplicateKey(ArtifactKey, paths: [String])
    /// The key is released with other bytes.
    case conflict(released: Artifact, offered: Digest, path: String)
    /// The same bytes are released under the key with something else than was asked for.
    case differs(Artifact, [PutDifference], path: String)
    /// The key was removed, and is closed for other bytes.
    case removed(Tombstone, offered: Digest, path: String)
    /// Several digests begin with these digits.
    case ambiguousDigest(String, [Digest])
    /// The release is sealed, and this file isn't in it, or not as it was sealed.
    case sealed(SealedRelease, offered: ArtifactKey, path: String)
    /// The draft has another file under the key.
    case drafted(Artifact, offered: Digest, [PutDifference], path: String)
    /// There is a draft of the release, which alone may be added to.
    case isDraft(ReleaseKey, path: String)
    /// Files of the release are final: it can't have a draft.
    case isReleased(ReleaseKey, path: String)
    /// The release is sealed with other files than elsewhere.
    case otherSeal(SealedRelease, offered: Digest)
    /// A release that is sealed elsewhere has a further file here.
    case notSealed(ReleaseKey, further: ArtifactKey)
    /// A release isn't what it was when its documents were made.
    case changedMeanwhile(ReleaseKey)
    /// The name is another trusted key's, or the key is trusted for something else.
    case keyIsTaken(name: String, identifier: Digest)
    /// The store can't be shared: these parts of it are another user's, who alone may change their mode.
    case notShared([String])
    /// The log has events or checkpoints under its name, and can't get another one.
    case logIsNamed(String)
    /// The log that goes on from another one can't have a name that it had before.
    case logIsTaken(String)
    /// Nothing is stored under that name.
    case notFound(what: String, hint: String?)
    /// A stored blob isn't what its name says.
    case damaged(digest: Digest, path: String, reason: String)

    /// An artifact that can't be removed, and what holds it: images, a pin.
    case held(Artifact, by: [String])
    /// A change took so long that its lease ran out, and a collection took a blob that it relied on.
    case collected(Digest)
    /// The name of an image can't be given to another one than it has.
    case immutableName(String, Digest)
    /// The directory has something else than an earlier state of the store that is to be backed up there.
    case otherHistory(path: String)
    /// A backup would lie in the directory of the store that it is of.
    case insideStore(path: String)
    /// There is a store where one is to be restored.
    case storeIsThere(path: String)
    /// The store was restored from a backup, and hasn't been verified since.
    case unverified(path: String)
    /// One change was refused for several reasons, in the order of what was asked for.
    case several([StoreError])

    /// What SQLite failed at.
    package enum IndexFailure: Sendable {
        /// Another process has been writing for longer than we wait.
        case busy
        /// No space is left on its file system.
        case full
        /// No permission, an input or output error.
        case environment
        /// The index's own structure is damaged.
        case damaged
        /// Anything else: a defect of ours.
        case other
    }

    /// What kind of failure it is: each has an exit status and an HTTP status of its own.
    package enum Kind: Sendable {
        /// The call's words are off.
        case usage
        /// It isn't there.
        case notFound
        /// Stored bytes are damaged.
        case integrity
        /// An immutable key holds something else.
        case conflict
        /// The machine: disk, permissions, another process.
        case environment
    }

    /// What kind of failure it is.
    package var kind: Kind {
        switch self {
        case .noStore, .notFound: .notFound
        case .notAStore, .readOnly, .notShared, .collected: .environment
        case .system(let error): error.isNotFound ? .notFound : .environment
        case .index(_, let failure, _):
            switch failure {
            case .busy, .full, .environment, .other: .environment
            case .damaged: .integrity
            }
        case .notARegularFile, .emptyInput, .badFileName, .wrongPlatform, .damagedProgram, .platformUnknown,
            .severalPlatforms, .versionNotInFile, .duplicateKey, .ambiguousDigest, .insideStore:
            .usage
        case .sourceChanged, .conflict, .differs, .removed, .sealed, .otherSeal, .notSealed, .drafted, .isDraft,
            .isReleased, .changedMeanwhile,
            .keyIsTaken, .immutableName, .logIsNamed, .logIsTaken, .held, .otherHistory, .storeIsThere, .unverified:
            .conflict
        case .damaged, .otherBytes, .provenanceOfOther: .integrity
        // What is there and refused weighs more than what isn't there.
        case .several(let errors): errors.contains { $0.kind == .conflict } ? .conflict : errors.first?.kind ?? .usage
        }
    }
}
