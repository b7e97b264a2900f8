/// How much of each thing is taken from a file that nobody vouches for.
///
/// Each is far above what linkers write, and keeps the work and memory for a hostile file small.
enum Limits {
    /// Program headers.
    ///
    /// A linked program has about a dozen; only core files have thousands.
    static let programHeaders: UInt64 = 65_536
    /// Section headers.
    ///
    /// Objects of `-ffunction-sections` builds have tens of thousands.
    static let sections: UInt64 = 262_144
    /// Entries of the dynamic section.
    static let dynamicEntries: UInt64 = 65_536
    /// Needed libraries.
    static let needed: UInt64 = 4096
    /// Notes that are looked at in one file.
    static let notes = 4096
    /// Bytes of a path or a library's name: PATH_MAX of Linux.
    static let string: UInt64 = 4096
    /// Bytes of a section's name: mangled names go into those of `-ffunction-sections`.
    static let sectionName: UInt64 = 65_536
    /// Bytes of all section names together: many may share one long name.
    static let sectionNames = 32 << 20
    /// Bytes of a build-id; the longest in use has 20 (SHA-1) or 32 (SHA-256).
    static let buildID = 64
    /// Bytes of the JSON in a note: of the package, or of one that names libraries.
    static let packageNote = 65_536
    /// Notes that name libraries which are loaded while the program runs; systemd's programs have about ten.
    static let dlopenNotes = 64
    /// Bytes of one string of the Go build information; that of a program with 500 modules has about 60,000.
    static let goString: UInt64 = 4 << 20
    /// Lines of the Go build information, of which each module has one or two; large programs have 2000 modules.
    static let goLines: UInt64 = 8192
}
