/// The notes that say who built the file, and for what: build-id, Go build ID, package, system.
///
/// They only describe: a damaged note ends its list, and the file is read all the same.
struct Notes {
    private(set) var buildID: [UInt8]?
    private(set) var goBuildID: String?
    private(set) var package: String?
    /// Libraries that are loaded while it runs, a JSON text for each note.
    private(set) var dlopen: [String] = []
    /// The system whose note says that the file is for it.
    private(set) var operatingSystem: String?

    /// How many more notes are looked at.
    private var remaining = Limits.notes

    private enum Kind {
        /// NT_GNU_BUILD_ID of the owner `GNU`.
        static let gnuBuildID: UInt32 = 3
        /// The type that the Go linker uses, owner `Go`.
        static let goBuildID: UInt32 = 4
        /// FDO_PACKAGING_METADATA of the owner `FDO`.
        static let package: UInt32 = 0xCAFE_1A7E
        /// The dlopen metadata of the owner `FDO`.
        static let dlopen: UInt32 = 0x407C_0C0A
        /// The version of the system, in the notes of the BSDs.
        static let system: UInt32 = 1
    }

    init(_ view: ByteView, _ table: SectionTable, _ segments: [Segment]) {
        // By section where there are sections: some linkers merge notes of two alignments into one segment.
        let sections = zip(table.sections, table.alignments).filter { $0.0.type == .note }
        if sections.isEmpty {
            for segment in segments where segment.type == Segment.note {
                guard let range = try? view.range("notes", at: segment.offset, size: segment.fileSize) else { continue }
                read(view, range, alignment: segment.alignment)
            }
        } else {
            for (section, alignment) in sections { read(view, section.fileRange, alignment: alignment) }
        }
    }

    private mutating func read(_ view: ByteView, _ region: Range<Int>, alignment: UInt64) {
        // gABI wants 8 in 64-bit files, everybody writes 4, except for notes that say 8 (.note.gnu.property).
        let step = alignment == 8 ? 8 : 4
        var place = region.lowerBound
        while remaining > 0 {
            remaining -= 1
            guard region.upperBound - place >= 12,
                let nameSize = try? view.integer(UInt32.self, "n_namesz", at: UInt64(place)),
                let size = try? view.integer(UInt32.self, "n_descsz", at: UInt64(place + 4)),
                let type = try? view.integer(UInt32.self, "n_type", at: UInt64(place + 8))
            else { return }
            let name = place + 12
            // Sums of a 32-bit size and a position in a file fit an Int of 64 bits.
            let start = place + Self.roundUp(12 + Int(nameSize), to: step)
            let end = start + Int(size)
            guard end <= region.upperBound else { return }
            take(view.bytes[name..<(name + Int(nameSize))], type, view.bytes[start..<end])
            place = start + Self.roundUp(Int(size), to: step)
        }
    }

    private mutating func take(
        _ owner: Slice<UnsafeRawBufferPointer>,
        _ type: UInt32,
        _ value: Slice<UnsafeRawBufferPointer>
    ) {
        let owner = String(decoding: owner.prefix(8).prefix { $0 != 0 }, as: UTF8.self)
        switch (owner, type) {
        case ("GNU", Kind.gnuBuildID) where buildID == nil && !value.isEmpty && value.count <= Limits.buildID:
            buildID = Array(value)
        case ("Go", Kind.goBuildID) where goBuildID == nil && value.count <= Int(Limits.string):
            goBuildID = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
        case ("FDO", Kind.package) where package == nil && value.count <= Limits.packageNote:
            package = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
        case ("FDO", Kind.dlopen) where dlopen.count < Limits.dlopenNotes && value.count <= Limits.packageNote:
            dlopen.append(String(decoding: value.prefix { $0 != 0 }, as: UTF8.self))
        case ("FreeBSD", Kind.system): operatingSystem = "freebsd"
        case ("NetBSD", Kind.system): operatingSystem = "netbsd"
        case ("OpenBSD", Kind.system): operatingSystem = "openbsd"
        case ("DragonFl", Kind.system): operatingSystem = "dragonfly"
        default: break
        }
    }

    private static func roundUp(_ value: Int, to step: Int) -> Int { (value + step - 1) / step * step }
}
