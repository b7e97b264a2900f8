extension FindingCode {
    /// How much such a finding matters.
    package var severity: Severity {
        switch self {
        case .damaged, .layerCount, .limit, .outside, .otherBytes, .shadowed, .wrongPlatform, .mixedReleases, .missing,
            .otherRelease, .altered, .preload, .preloadFile, .entrypointMissing, .entrypointNotExecutable,
            .interpreterMissing, .userUnknown, .platformClaim, .machine, .releasesDiffer, .platformExtra, .falseClaim,
            .policy,
            .withdrawn, .denied, .unattested, .vulnerable,
            .ambiguousDocument, .ambiguousContainer, .readingsDiffer, .reservedAttribute, .notRead, .tableOfContents,
            .trailer, .unclearCommand:
            .error
        case .engineMetadata, .globalHeader, .configMember, .duplicate, .refused, .whiteout, .removed,
            .notExecutable, .setID, .capability, .device, .libraryPath, .baseChanged, .entrypointUnknown,
            .interpreterUnknown, .libraryMissing,
            .libraryUnknown, .platformMissing, .platformTwice, .otherBuild, .packed, .revoked, .notCompared,
            .shellText, .healthCheckUnknown, .environmentCode, .runtimeInstruction:
            .warning
        case .compression, .passedOver, .further, .noEntrypoint, .entrypointNotFollowed, .expired, .allowedRun,
            .archived, .draft, .otherName, .leftOut:
            .note
        }
    }

    /// What one such finding does to the verdict by itself, whatever else is in the image.
    private enum Effect {
        case doubt(Doubt)
        case mismatch
        case none
    }

    /// Every code is named, so that a new one has to say what it does.
    private var effect: Effect {
        switch self {
        case .damaged, .layerCount:
            .doubt(.damaged)
        case .trailer, .ambiguousDocument, .ambiguousContainer, .readingsDiffer, .reservedAttribute, .tableOfContents,
            .unclearCommand:
            .doubt(.ambiguous)
        case .limit, .notRead:
            .doubt(.incomplete)
        case .otherBytes, .shadowed, .wrongPlatform, .mixedReleases, .missing, .otherRelease, .altered, .platformClaim,
            .machine, .releasesDiffer, .platformExtra:
            .mismatch
        case .compression, .globalHeader, .configMember, .duplicate, .outside, .refused, .whiteout, .passedOver,
            .engineMetadata,
            .removed, .packed, .archived, .further,
            .noEntrypoint, .entrypointMissing, .entrypointNotExecutable, .entrypointUnknown, .entrypointNotFollowed,
            .interpreterMissing, .interpreterUnknown, .libraryMissing, .libraryUnknown, .libraryPath, .preload,
            .preloadFile, .userUnknown, .notExecutable, .setID, .capability, .device, .shellText, .healthCheckUnknown,
            .environmentCode, .runtimeInstruction, .otherName, .leftOut,
            .baseChanged, .platformMissing, .platformTwice, .otherBuild, .falseClaim, .allowedRun, .draft,
            .withdrawn, .denied, .revoked, .expired,
            .policy, .unattested, .vulnerable, .notCompared:
            .none
        }
    }

    /// Whether such a finding makes the verdict ``Verdict/mismatch``.
    package var isMismatch: Bool {
        if case .mismatch = effect { true } else { false }
    }

    /// The doubt that such a finding stands for; none for the others.
    package var doubt: Doubt {
        if case .doubt(let doubt) = effect { doubt } else { [] }
    }

    /// Whether an image with such a finding is refused, whatever its verdict.
    package var isRefused: Bool {
        [.policy, .unattested, .vulnerable, .notCompared].contains(self) || isWithdrawal
    }

    /// Whether the store has something against what the image holds.
    package var isWithdrawal: Bool { self == .withdrawn || self == .denied }

    /// What it is, in a few words.
    package var title: String {
        switch self {
        case .damaged: "bytes are not what their digest says"
        case .layerCount: "config and manifest disagree about the layers"
        case .compression: "layer is compressed otherwise than declared"
        case .trailer: "bytes after the end of a layer's archive"
        case .globalHeader: "global PAX header renames or resizes entries"
        case .limit: "image is larger than the limit"
        case .configMember: "config member in other letter case"
        case .ambiguousDocument: "document can be read in two ways"
        case .ambiguousContainer: "archive or index can be read in two ways"
        case .readingsDiffer: "engines make different files of the layers"
        case .reservedAttribute: "attribute that a storage driver would obey"
        case .notRead: "something that engines use was not read"
        case .tableOfContents: "table of contents differs from the layer"
        case .passedOver: "members that no engine runs"
        case .engineMetadata: "mode and owner depend on the engine"
        case .duplicate: "two entries for one name in a layer"
        case .outside: "path leads out of the root"
        case .refused: "entry can't be applied"
        case .whiteout: "invalid whiteout"
        case .otherBytes: "named like a released file, with other bytes"
        case .shadowed: "released file replaced by a later layer"
        case .removed: "released file removed by a later layer"
        case .wrongPlatform: "released file of another platform"
        case .mixedReleases: "files of several releases of one name"
        case .missing: "expected file is not there"
        case .otherRelease: "another release than expected"
        case .altered: "altered copy of a released file"
        case .further: "files that no release has"
        case .notExecutable: "released program is not executable"
        case .setID: "set-id bit"
        case .capability: "file capabilities"
        case .device: "device node"
        case .preload: "environment preloads a library"
        case .preloadFile: "/etc/ld.so.preload preloads a library"
        case .libraryPath: "environment changes the library path"
        case .baseChanged: "base file changed or removed"
        case .otherBuild: "another build of a released program"
        case .packed: "packed program"
        case .falseClaim: "documents say something else than the bytes"
        case .noEntrypoint: "nothing is run"
        case .entrypointMissing: "entrypoint leads nowhere"
        case .entrypointUnknown: "entrypoint is not a released file"
        case .entrypointNotExecutable: "entrypoint can't be executed"
        case .interpreterMissing: "interpreter is not there"
        case .interpreterUnknown: "interpreter is not a known file"
        case .libraryMissing: "needed library is not there"
        case .libraryUnknown: "needed library is not a known file"
        case .entrypointNotFollowed: "entrypoint of another system is not followed"
        case .platformClaim: "index and config disagree about the platform"
        case .machine: "program for another machine"
        case .releasesDiffer: "platforms hold different releases"
        case .platformMissing: "platform of the release is not in the index"
        case .platformExtra: "platform without anything of the release"
        case .platformTwice: "two images for one platform"
        case .policy: "policy is not met"
        case .withdrawn: "file of a release that was removed"
        case .expired: "file of a release that was removed as harmless"
        case .allowedRun: "the build ran or fetched something"
        case .archived: "file from a released archive"
        case .revoked: "revoked"
        case .denied: "revoked and denied"
        case .draft: "made of drafts"
        case .userUnknown: "user is not in the image"
        case .unclearCommand: "engines start different files"
        case .shellText: "config has a shell do more than start a released file"
        case .healthCheckUnknown: "health check is not a released file"
        case .environmentCode: "environment sets what shells and interpreters run"
        case .runtimeInstruction: "instructions for runtimes or builders"
        case .otherName: "released program under another one's name"
        case .leftOut: "something that no image can have"
        case .unattested: "required statement is missing or doesn't count"
        case .vulnerable: "known vulnerability"
        case .notCompared: "not compared with the advisories"
        }
    }
}
