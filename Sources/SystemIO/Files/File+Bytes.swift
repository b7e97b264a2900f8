extension File {
    /// Writes all bytes at the current position.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        let failure: SystemError? = bytes.withUnsafeBytes { buffer -> SystemError? in
            do throws(SystemError) {
                try write(buffer)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Reads what follows the current position, at most `limit` bytes.
    package func readBytes(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(limit, 1), 64 << 10), alignment: 16)
        defer { buffer.deallocate() }
        while bytes.count < limit {
            let wanted = min(limit - bytes.count, buffer.count)
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }
}
