/// The kinds of findings.
///
/// A code is stable: its meaning never changes and it is never used again (docs/findings.md).
package enum FindingCode: String, Sendable, Codable, CaseIterable {
    /// Bytes aren't what their digest says, or can't be read.
    case damaged = "BND001"
    /// Config and manifest speak of different layers.
    case layerCount = "BND002"
    /// A layer is compressed otherwise than its media type says.
    case compression = "BND003"
    /// Bytes follow the end of a layer's archive.
    case trailer = "BND004"
    /// A global PAX header renames or resizes entries for some readers.
    case globalHeader = "BND005"
    /// The image is larger than what is read.
    case limit = "BND006"
    /// A config has a member in other letter case, which engines read all the same.
    case configMember = "BND007"
    /// A JSON document can be read in two ways.
    case ambiguousDocument = "BND008"
    /// An archive or index can be read in two ways.
    case ambiguousContainer = "BND009"

    /// A layer has two entries for one name.
    case duplicate = "BND010"
    /// An entry's path leads out of the root.
    case outside = "BND011"
    /// An entry can't be applied.
    case refused = "BND012"
    /// A whiteout that removes nothing, or hides something.
    case whiteout = "BND013"
    /// Engines make different files of the layers.
    case readingsDiffer = "BND014"
    /// An extended attribute that an engine's own storage driver would obey.
    case reservedAttribute = "BND015"
    /// Something that an engine would use was not looked at.
    case notRead = "BND016"
    /// A layer's table of contents says something else than its archive.
    case tableOfContents = "BND017"
    /// Members of the index or archive that no engine runs.
    case passedOver = "BND018"
    /// Mode and owner depend on the engine.
    case engineMetadata = "BND019"

    /// A file that is named like a released one has other bytes.
    case otherBytes = "BND020"
    /// A released file is replaced in a later layer.
    case shadowed = "BND021"
    /// A released file is removed in a later layer.
    case removed = "BND022"
    /// A released file of another platform.
    case wrongPlatform = "BND023"
    /// Files of several releases of one name.
    case mixedReleases = "BND024"
    /// An expected file isn't there.
    case missing = "BND025"
    /// Another release than the expected one.
    case otherRelease = "BND026"
    /// An altered copy of a released file.
    case altered = "BND027"
    /// Files that no release has.
    case further = "BND028"
    /// A released program nobody may execute.
    case notExecutable = "BND029"

    /// A file with a set-user-id or set-group-id bit.
    case setID = "BND030"
    /// A file with capabilities.
    case capability = "BND031"
    /// A device node.
    case device = "BND032"
    /// The environment makes the loader load something first.
    case preload = "BND033"
    /// A file makes the loader load something first.
    case preloadFile = "BND034"
    /// The environment changes where libraries are looked for.
    case libraryPath = "BND035"
    /// A file of the base is changed or removed.
    case baseChanged = "BND036"
    /// Another build of a released program's source.
    case otherBuild = "BND037"
    /// A packed program, whose code can't be compared.
    case packed = "BND038"
    /// A document says something else of a file than its bytes.
    case falseClaim = "BND039"

    /// The config runs nothing.
    case noEntrypoint = "BND040"
    /// The entrypoint leads nowhere.
    case entrypointMissing = "BND041"
    /// The entrypoint leads to a file that no release has.
    case entrypointUnknown = "BND042"
    /// What the entrypoint leads to can't be executed.
    case entrypointNotExecutable = "BND043"
    /// A program's interpreter isn't there.
    case interpreterMissing = "BND044"
    /// A program's interpreter is a file that nobody knows.
    case interpreterUnknown = "BND045"
    /// A library that a program needs isn't there.
    case libraryMissing = "BND046"
    /// A library that a program needs is a file that nobody knows.
    case libraryUnknown = "BND047"
    /// The image is for a system whose programs aren't followed.
    case entrypointNotFollowed = "BND048"

    /// The index says another platform than the config.
    case platformClaim = "BND050"
    /// A program for another machine than the platform's.
    case machine = "BND051"
    /// The platforms of an index hold different releases.
    case releasesDiffer = "BND052"
    /// A platform of the release isn't in the index.
    case platformMissing = "BND053"
    /// A platform of the index has nothing of the release.
    case platformExtra = "BND054"
    /// Two images of an index are for one platform.
    case platformTwice = "BND055"

    /// The policy is not met.
    case policy = "BND060"
    /// A file of a release that was removed.
    case withdrawn = "BND061"
    /// A file of a release that a retention policy removed.
    case expired = "BND062"
    /// The engine ran or fetched something while it built the image.
    case allowedRun = "BND063"
    /// An unknown file that stands in a released archive.
    case archived = "BND064"
    /// A revoked file or image.
    case revoked = "BND065"
    /// A revoked file or image that is denied.
    case denied = "BND066"
    /// No statement of a required type counts.
    case unattested = "BND067"
    /// The image says that it was made of releases that weren't sealed yet.
    case draft = "BND068"
    /// An advisory says that a package or module is vulnerable.
    case vulnerable = "BND069"
    /// Something that wasn't compared with advisories.
    case notCompared = "BND070"
    /// The config's user or group is a name that the image doesn't have.
    case userUnknown = "BND071"
    /// Engines start different files for the config's command, or another one than the image has there.
    case unclearCommand = "BND072"
    /// A shell's text in the config does more than start a released file.
    case shellText = "BND073"
    /// The health check runs something else than a released file.
    case healthCheckUnknown = "BND074"
    /// The environment holds, or leads to, code that shells and interpreters run.
    case environmentCode = "BND075"
    /// An annotation or config member by which runtimes or builders do something else than start the program.
    case runtimeInstruction = "BND076"
    /// A released program at a path that has another released program's name.
    case otherName = "BND077"
    /// Something in a directory that no image can have.
    case leftOut = "BND078"
}
