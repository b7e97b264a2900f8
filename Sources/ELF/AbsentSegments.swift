/// The segments whose bytes were taken out of the file: `objcopy --only-keep-debug` keeps the program headers, and
/// turns the sections they cover into NOBITS; without sections, the segments have no bytes left.
struct AbsentSegments {
    private let starts: Set<UInt64>

    init(_ sections: [ELFFile.Section]) {
        starts = Set(
            sections.lazy.filter { $0.type == .nobits && $0.flags.contains(.allocated) && $0.size > 0 }.map(\.address)
        )
    }

    func contains(_ segment: Segment) -> Bool { segment.fileSize == 0 || starts.contains(segment.address) }
}
