extension Verdict {
    /// What it says of an image, and what to do about it, for a person.
    package var help: String {
        switch self {
        case .exact:
            "Beside an untouched, known base the image has released files only, all of one consistent release for each name. Nothing is to be done."
        case .contains:
            "Every released file that is expected is there, and there are further files. Read the list of them; name the base with --base to leave out its files, and give --exact where nothing else may be there."
        case .mismatch:
            "A file stands where a released one should, with other bytes, platform or release; or the image starts an altered copy. Do not run it: `bindery explain CODE` says what each finding means. Build the image anew from the store."
        case .unknown:
            "No file of it is from a release in this store. Put the releases into it, or use the store that has them; `bindery reaudit` looks again."
        case .ambiguous:
            "The bytes are as their digests say, and engines would run different files. Build the image anew, with another builder."
        case .incomplete:
            "Something that an engine would use was not looked at. Raise the limit (--max-size), or get the whole image."
        }
    }

    /// What an image says that has no verdict, since a digest, a size or a format of it is wrong.
    package static let damagedHelp =
        "The bytes don't match their digests, sizes or formats, so that there is no verdict. Fetch the image again; if it stays so, the place that it is in is damaged."
}
