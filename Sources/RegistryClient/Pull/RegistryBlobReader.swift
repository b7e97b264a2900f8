import ContentAddress
import FoundationEssentials
import HTTP
import ImageTransport
import NIOHTTP1
import OCI

/// A blob as it comes from a registry; when the connection breaks off, the rest is asked for by its range (RFC 9110,
/// section 14).
///
/// The bytes are unchecked: ``BlobStream`` hashes them.
final class RegistryBlobReader: BlobReader {
    private let request: RegistryRequest
    private let session: RegistrySession
    private var answer: HTTPAnswer?
    private var offset: Int64 = 0
    private var failures = 0

    /// Asks for a blob.
    ///
    /// Throws ``RegistryError/notFound(what:place:)`` when there is none.
    init(_ descriptor: Descriptor, _ session: RegistrySession) throws(RegistryError) {
        guard let url = session.url("blobs/\(descriptor.digest)") else {
            throw .reference("\(descriptor.digest)", rule: "it is damaged")
        }
        let what = "blob \(descriptor.digest.short)"
        request = RegistryRequest(what: what, call: HTTPCall(method: .GET, url: url))
        self.session = session
        let answer = try session.perform(request)
        guard answer.status == 200 else { throw session.refusal(answer, what) }
        self.answer = answer
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        do throws(RegistryError) {
            while true {
                if answer == nil { answer = try resume(buffer) }
                guard let answer else { continue }
                do {
                    let count = try answer.read(into: buffer)
                    offset += Int64(count)
                    return count
                } catch {
                    try breakOff(error)
                }
            }
        } catch {
            throw error.transport
        }
    }

    private func breakOff(_ failure: HTTPFailure) throws(RegistryError) {
        answer = nil
        failures += 1
        try session.pause(after: failures, failure, request)
    }

    // nil when that broke off, too.
    private func resume(_ buffer: UnsafeMutableRawBufferPointer) throws(RegistryError) -> HTTPAnswer? {
        guard offset > 0 else { return try expected(try session.perform(request), [200]) }
        var call = request.call
        call.headers.add(name: "Range", value: "bytes=\(offset)-")
        let answer = try expected(
            try session.perform(RegistryRequest(what: request.what, call: call)),
            [200, 206]
        )
        if answer.status == 206 {
            guard answer.field("Content-Range")?.hasPrefix("bytes \(offset)-") == true else {
                throw .malformed(
                    what: request.what,
                    place: session.location.place,
                    reason: "bytes from \(offset) were asked for, and '\(answer.field("Content-Range") ?? "")' came"
                )
            }
            return answer
        }
        // It knows no ranges: what was read already comes once more.
        var rest = offset
        do {
            while rest > 0 {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(rest, Int64(buffer.count)))])
                let count = try answer.read(into: part)
                guard count > 0 else {
                    throw HTTPFailure.broken("it became shorter while it was read")
                }
                rest -= Int64(count)
            }
            return answer
        } catch let failure as HTTPFailure {
            try breakOff(failure)
            return nil
        } catch {
            return nil
        }
    }

    private func expected(_ answer: HTTPAnswer, _ statuses: [Int]) throws(RegistryError) -> HTTPAnswer {
        guard statuses.contains(answer.status) else { throw session.refusal(answer, request.what) }
        return answer
    }
}
