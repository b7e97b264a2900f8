import ImageTransport

extension Output {
    /// Leaves standard output to an archive that is written there: results go to standard error then.
    ///
    /// Throws ``UsageError`` where the result is wanted as JSON.
    static func give(_ locations: ImageLocation..., json: Bool) throws(UsageError) {
        try give(locations, json: json)
    }

    /// The same for several destinations, of which one alone can be standard output.
    static func give(_ locations: [ImageLocation], json: Bool) throws(UsageError) {
        let count = locations.count { $0.isStandardStream }
        guard count > 0 else { return }
        guard count == 1 else { throw UsageError(description: "one archive alone can go to standard output") }
        guard !json else { throw UsageError(description: "--json and an archive can't both go to standard output") }
        settings.hasArchive = true
    }
}
