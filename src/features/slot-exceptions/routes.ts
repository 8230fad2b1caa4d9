import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { addException, deleteException, importCalendar } from './commands.ts';
import { listExceptions } from './queries.ts';
import * as schemas from './schemas.ts';

const BOOKED =
  'Closing a time for which orders are booked is refused with ORDERS_BOOKED and their numbers (`order_numbers` is empty for who is ' +
  'limited to another branch); `force` closes it to new orders, and the booked ones keep their window.';

export const slotExceptions = feature('/admin/slot-exceptions', 'Admin: delivery', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '',
      summary: 'List closed dates and dates with another capacity',
      description: 'By date; those of the past too.',
      query: schemas.ExceptionFilters,
      paged: true,
      returns: schemas.Exception,
    },
    (call, { query }) => listExceptions(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '',
      summary: 'Close a date, or change its capacity',
      description:
        'For all slots of a branch or for one, which precedes: a short day is a closed day with slots that have a capacity. One ' +
        `exception for each date and slot. ${BOOKED} A capacity below what is booked only prevents further bookings.`,
      body: schemas.NewException,
      returns: schemas.Exception,
      status: 201,
      errors: ['BRANCH_NOT_FOUND', 'SLOT_NOT_FOUND', 'ORDERS_BOOKED', 'EXCEPTION_EXISTS', 'PAST_DATE', 'INVALID_SLOT'],
    },
    (call, { body }) => addException(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/import',
      summary: 'Close what an iCalendar file covers',
      description:
        'All-day events close their days, other events the slots that they overlap. Recurring events (daily to yearly) are followed for ' +
        'two years. TZID names a zone of the file or of the IANA; local times without one are those of the shop. Canceled events, ' +
        'events without duration and days that have passed close nothing. At most 1,000 events. A file with an error closes nothing: ' +
        '`errors` names the lines. What is closed already, or was given a capacity by hand, is left as it is, so a repeat changes ' +
        `nothing. 201 when something was closed, else 200. ${BOOKED}`,
      upload: 'file',
      form: schemas.ImportForm,
      returns: schemas.ImportAnswer,
      status: 201,
      alsoStatus: [200],
      errors: ['BRANCH_NOT_FOUND', 'ORDERS_BOOKED'],
    },
    (call, { form, file }) => importCalendar(call, form, file),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'delete',
      path: '/{id}',
      summary: 'Delete an exception',
      description: 'The date is as every week again.',
      params: IdParams,
      returns: schemas.ExceptionDeleted,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => deleteException(call, params.id),
  ),
]);
