import ContentAddress
import ELF
import OCI
import Printable
import SystemIO

extension StoreError: CustomStringConvertible {
    /// What was wanted, what was found, and what to do next: one to four lines without a final line break.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .noStore(let path):
            """
            there is no store at \(path)
            `bindery put` makes one; --store or BINDERY_STORE names another directory.
            """
        case .notAStore(let path, let reason):
            "\(path) is not a store this program knows: \(message: reason)"
        case .readOnly(let path):
            "the store at \(path) can only be read: this user or file system allows no writing there"
        case .system(let error):
            "\(error)"
        case .index(let path, let failure, let reason):
            Self.describe(path: path, failure: failure, reason: reason)
        case .notARegularFile(let path, let kind):
            """
            \(path) is a \(kind.rawValue), and an artifact is one regular file
            Name a file, or give '-' to read standard input.
            """
        case .emptyInput:
            """
            standard input is empty: nothing was stored
            Put an empty file by its name.
            """
        case .sourceChanged(let path):
            """
            \(path) changed while it was read: nothing was stored
            Put it again when nothing writes to it any more.
            """
        case .badFileName(let name):
            """
            '\(name, limit: 80)' can't be a file's name in a context
            Give one path component of 1 to 255 bytes without control characters, with --file-name.
            """
        case .wrongPlatform(let path, let given, let found):
            """
            \(path) is \(found), which \(given) can't run
            Give the file's own platform, or leave --platform out: an ELF file names its own.
            """
        case .damagedProgram(let path, let reason):
            """
            \(path) starts like an ELF file, but \(reason)
            Give --platform any to store it as a file that no platform runs.
            """
        case .platformUnknown(let path):
            """
            \(path) doesn't say for which platform it is
            Give --platform os/arch, or --platform any for a file that runs nowhere.
            """
        case .severalPlatforms(let path, let found):
            """
            \(path) is \(found): which of these is it to be?
            Give one with --platform; put it once for each platform that it is released for.
            """
        case .versionNotInFile(let path, let version):
            """
            '\(version)' stands nowhere in the bytes of \(path)
            Is it the binary of another version? --expect-text TEXT looks for another spelling.
            """
        case .otherBytes(let path, let expected, let found):
            """
            \(path) doesn't have the digest that its checksums give: nothing was stored
              expected  \(expected)
              found     \(found)
            """
        case .provenanceOfOther(let path, let digest):
            """
            no attestation that was given with --provenance is about \(path), which has the digest \(digest)
            Is it the attestation of another build? Nothing was stored.
            """
        case .duplicateKey(let key, let paths):
            """
            two files are both \(key): \(paths.joined(separator: " and "))
            A key is for one file: give each its own, by --as, --platform or the fields of --name-pattern.
            """
        case .conflict(let released, let offered, let path):
            """
            \(released.key) is already released with other bytes
              released  \(released.digest)  \(released.putAt.rfc3339)  by \(released.putBy)
              offered   \(offered)  \(path)
            A release is immutable: put it under a new version.
            """
        case .differs(let released, let differences, let path):
            Self.describe(released, differences, path: path)
        case .removed(let tombstone, let offered, let path):
            """
            \(tombstone.key) was removed, and its key is closed for other bytes
              removed   \(tombstone.digest)  \(tombstone.removedAt.rfc3339)  by \(tombstone.removedBy)
              offered   \(offered)  \(path)
            A release is immutable: put it under a new version.
            """
        case .ambiguousDigest(let digits, let digests):
            digests.reduce("\(digits) is the beginning of several digests:") { $0 + "\n  \($1)" }
        case .sealed(let seal, let offered, let path):
            """
            \(seal.key) is sealed: no file is added to it or changed in it
              sealed    \(seal.digest)  \(seal.sealedAt.rfc3339)  by \(seal.sealedBy)
              offered   \(offered)  \(path)
            Put it under a new version.
            """
        case .otherSeal(let seal, let offered):
            """
            \(seal.key) is sealed here with other files or annotations than where the bundle comes from
              sealed    \(seal.digest)  \(seal.sealedAt.rfc3339)  by \(seal.sealedBy)
              offered   \(offered)
            """
        case .notSealed(let release, let further):
            """
            \(release) is sealed where the bundle comes from, without \(further), which is released here
            Remove that file first, or import with --no-proofs what the bundle has of the release.
            """
        case .drafted(let present, let offered, let differences, let path):
            Self.describe(draft: present, offered, differences, path: path)
        case .isDraft(let release, let path):
            """
            \(release) is a draft, and \(path) is not offered for it
            Give --draft to put it there, or seal the draft with `bindery seal \(release)`.
            """
        case .isReleased(let release, let path):
            """
            \(release) is released already: \(path) can't go into a draft of it
            Leave --draft out to add a file while the release is open, or take a new version.
            """
        case .changedMeanwhile(let release):
            """
            \(release) is not complete, or changed while it was sealed: nothing was changed
            Run `bindery show \(release)` to see what it has, and seal it again when nothing puts to it any more.
            """
        case .keyIsTaken(let name, let identifier):
            """
            the key \(identifier) is trusted as '\(name)' already, for another purpose, scope or time, or was revoked
            Another key needs another --name. What a key is trusted for is final: another purpose needs another key.
            """
        case .notShared(let paths):
            """
            nothing was changed: only their owner, or root, may change the mode of \(Self.list(paths))
            Run `bindery init --shared` as their owner, or as root.
            """
        case .logIsNamed(let origin):
            """
            the log is called '\(origin)', and has events under that name
            Others know it by that name: only a log without events can get another one.
            """
        case .logIsTaken(let origin):
            """
            the log is called '\(origin)', or was
            A copy of the store may go on under that name: give another --origin, or none for a random name.
            """
        case .notFound(let what, let hint):
            "\(what) is not in the store\(message: hint.map { "\n" + $0 } ?? "")"
        case .damaged(let digest, let path, let reason):
            """
            the stored blob \(digest) is damaged: \(message: reason)
              at \(path)
            `bindery put` of the right bytes mends it, and `bindery verify --repair` looks for them; `bindery verify` lists all \
            that is damaged.
            """
        case .held(let artifact, let holders):
            """
            \(artifact.key) can't be removed: it is held by \(Self.list(holders))
            Remove the image (rm) or the pin (unpin) first, or give --force: an image keeps its own copy, and the log the digest.
            """
        case .collected(let digest):
            """
            a collection took the blob \(digest), since this change ran for longer than its lease of an hour
            Nothing was changed: run it again.
            """
        case .immutableName(let name, let image):
            "\(name) is immutable and stands for \(image): give the other image another tag"
        case .otherHistory(let path):
            """
            \(path) isn't an earlier state of this store: it is another store, a later state, or was changed since
            Nothing was changed there: give a directory of its own.
            """
        case .insideStore(let path):
            """
            \(path) is inside the store itself, which a backup must outlive
            Give a directory elsewhere.
            """
        case .storeIsThere(let path):
            """
            there is a store at \(path)
            Give another directory with --store, or move that store away.
            """
        case .unverified(let path):
            """
            the store at \(path) was made from a backup or its log and hasn't been verified since: nothing is collected
            Run `bindery verify` first. What was put after a backup isn't there, and may have to be put again.
            """
        case .several(let errors):
            errors.reduce("") { $0 + $1.message + "\n" } + "Nothing was changed."
        }
    }

    private static func describe(_ released: Artifact, _ differences: [PutDifference], path: String) -> Message {
        var lines: Message = "\(released.key) is already released with the bytes of \(path), but differs otherwise"
        for difference in differences {
            let subject = Message(verbatim: "\n  " + difference.subject)
            lines = lines + subject + ": released \(difference.released), offered \(difference.offered)"
        }
        return lines + "\nA release is immutable: put it under a new version, or leave out the option that differs."
    }

    private static func describe(
        draft present: Artifact,
        _ offered: Digest,
        _ differences: [PutDifference],
        path: String
    ) -> Message {
        var lines: Message = """
            the draft of \(present.key) has another file
              there     \(present.digest)  \(present.putAt.rfc3339)  by \(present.putBy)
              offered   \(offered)  \(path)
            """
        for difference in differences {
            let subject = Message(verbatim: "\n  " + difference.subject)
            lines = lines + subject + ": there \(difference.released), offered \(difference.offered)"
        }
        return lines + "\nGive --replace to replace it: a draft may change until it is sealed."
    }

    private static func describe(path: String, failure: IndexFailure, reason: String) -> Message {
        switch failure {
        case .busy:
            """
            another process has been writing to \(path) for too long
            Try again when it is done.
            """
        case .full where path.hasSuffix(".partial"):
            """
            no space is left for the index \(path): \(message: reason)
            Make room there, or give a directory on another disk.
            """
        case .full:
            """
            no space is left for the index \(path): \(message: reason)
            `bindery gc` makes room, and works on a full disk; where it has nothing to remove, other files must go.
            """
        case .environment: "cannot use the index \(path): \(message: reason)"
        case .damaged:
            """
            the index \(path) is damaged: \(message: reason)
            Move bindery.db and what is beside it under this name away, and run `bindery reindex`, or restore a backup; \
            the blobs are untouched.
            """
        case .other: "the index \(path) refused: \(message: reason)"
        }
    }

    /// The first three of some names, and how many more there are.
    private static func list(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}
