import FoundationEssentials
import HTTP
import ImageTransport
import NIOHTTP1
import OCI

extension BlobUpload {
    /// Sends all bytes by PATCH; nil when they are there.
    func sendParts(_ form: UploadForm, to session: inout Session) throws(RegistryError) -> Outcome? {
        var part = Part(pieceSize: form.pieceSize)
        while part.offset < descriptor.size {
            let range = part.range(in: session, size: descriptor.size)
            var call = HTTPCall(method: .PATCH, url: session.place, headers: Self.type, body: body(range))
            if part.isRanged {
                call.headers.add(name: "Content-Range", value: "\(range.lowerBound)-\(range.upperBound - 1)")
            }
            let request = RegistryRequest(what: what, call: call, isRepeatable: false)
            let answer: HTTPAnswer
            do {
                answer = try registry.perform(request)
            } catch {
                guard brokeOff(error) else { throw error }
                try fail(error)
                pause()
                // Nothing is there, or one byte: a new upload is as good.
                guard let offset = try position(of: &session), offset > 0 else {
                    return budget.failures > 1 ? .refused(error) : .lost
                }
                part.resume(at: offset, &budget)
                continue
            }
            switch answer.status {
            case 200..<300:
                answer.drain()
                if answer.field("Location") != nil {
                    session.place = try location(of: answer, from: session.place)
                }
                try take(answer, range, &part)
            case 401, 403: throw refusal(answer)
            case _ where answer.isTemporaryFailure:
                let error = refusal(answer)
                try fail(error)
                try registry.pause(after: budget.failures, answer, request)
                let offset = try position(of: &session)
                // It has taken nothing of all bytes at once, twice: fewer of them may go through.
                if offset ?? 0 == 0, part.pieceSize == nil, answer.mayBlameTheBody, budget.failures > 1 {
                    return .refused(error)
                }
                guard let offset else { return .lost }
                part.resume(at: offset, &budget)
            default:
                if let outcome = try afterRefusal(refusal(answer), answer.status, &part, &session) {
                    return outcome
                }
            }
        }
        return nil
    }

    // What was sent is there: `Range` is only believed when the digest has shown that it isn't.
    private func take(_ answer: HTTPAnswer, _ range: Range<Int64>, _ part: inout Part) throws(RegistryError) {
        let count = UploadRange.count(answer.field("Range"))
        if count == range.upperBound + 1 { countsOneTooMany = true }
        var end = range.upperBound
        if let count, count < end {
            sawShortRange = true
            if trustsRange { end = count }
        }
        budget.gained(end - range.lowerBound)
        if end < range.upperBound { try fail() }
        part.offset = end
        part.isRanged = true
    }

    // nil when it goes on.
    private func afterRefusal(
        _ error: RegistryError,
        _ status: Int,
        _ part: inout Part,
        _ session: inout Session
    ) throws(RegistryError) -> Outcome? {
        guard part.offset > 0 else { return .refused(error) }
        try fail(error)
        if status == 404 || status == 410 { return .lost }
        guard let offset = try position(of: &session) else { return .refused(error) }
        if status == 416, offset != part.offset {
            part.resume(at: offset, &budget)
        } else if part.pieceSize == nil {
            part.pieceSize = UploadForm.pieceSize
        } else if status == 416, !countsOneTooMany {
            countsOneTooMany = true
            part.offset -= 1
        } else {
            return .refused(error)
        }
        return nil
    }

    // How far the registry has got; nil when it has forgotten the upload.
    private func position(of session: inout Session) throws(RegistryError) -> Int64? {
        let call = HTTPCall(method: .GET, url: session.place)
        let answer = try registry.perform(RegistryRequest(what: "the upload of \(what)", call: call))
        guard (200..<300).contains(answer.status), var count = UploadRange.count(answer.field("Range")) else {
            return nil
        }
        answer.drain()
        if answer.field("Location") != nil { session.place = try location(of: answer, from: session.place) }
        if count == descriptor.size + 1 { countsOneTooMany = true }
        if countsOneTooMany, count > 0 { count -= 1 }
        return count <= descriptor.size ? count : nil
    }

    private struct Part {
        var offset: Int64 = 0
        // How much is sent at once; nil for all of the rest.
        var pieceSize: Int64?
        // A first request without a range is what most clients send.
        var isRanged: Bool

        init(pieceSize: Int64?) {
            self.pieceSize = pieceSize
            isRanged = pieceSize != nil
        }

        func range(in session: Session, size: Int64) -> Range<Int64> {
            let length = pieceSize.map { max($0, session.smallestPiece) } ?? size
            return offset..<(length < size - offset ? offset + length : size)
        }

        mutating func resume(at offset: Int64, _ budget: inout UploadBudget) {
            budget.gained(offset - self.offset)
            self.offset = offset
            if offset > 0 { isRanged = true }
        }
    }
}
