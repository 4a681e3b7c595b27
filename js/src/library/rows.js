// Entities made in the browser.

// A row that is not saved yet (id 0), of the entities of the instance's page module.
export const make_row = (p, type, values) => new (p.view.codec.class_of(type))({ id: 0, ...values });
