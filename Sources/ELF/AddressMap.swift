/// Where the addresses of the loaded program stand in the file.
struct AddressMap {
    /// A part of the file that is loaded to an address.
    struct Load {
        let offset: UInt64
        let address: UInt64
        let fileSize: UInt64
    }

    private let loads: [Load]

    init(_ loads: [Load]) { self.loads = loads }

    /// By the program headers (PT_LOAD).
    init(_ segments: [Segment]) {
        loads = segments.filter { $0.type == Segment.load }.map {
            Load(offset: $0.offset, address: $0.address, fileSize: $0.fileSize)
        }
    }

    /// The offset in the file of an address, and the bytes of its segment from there on; nil where no segment has it.
    func offset(of address: UInt64) -> (offset: UInt64, available: UInt64)? {
        for load in loads where address >= load.address && address - load.address < load.fileSize {
            let distance = address - load.address
            let (offset, overflow) = load.offset.addingReportingOverflow(distance)
            if !overflow { return (offset, load.fileSize - distance) }
        }
        return nil
    }
}
