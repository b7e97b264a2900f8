/// Where the addresses of the loaded program stand in the file (PT_LOAD).
struct AddressMap {
    let segments: [Segment]

    init(_ segments: [Segment]) { self.segments = segments.filter { $0.type == Segment.load } }

    /// The offset in the file of an address, and the bytes of its segment from there on; nil where no segment has it.
    func offset(of address: UInt64) -> (offset: UInt64, available: UInt64)? {
        for segment in segments where address >= segment.address && address - segment.address < segment.fileSize {
            let distance = address - segment.address
            let (offset, overflow) = segment.offset.addingReportingOverflow(distance)
            if !overflow { return (offset, segment.fileSize - distance) }
        }
        return nil
    }
}
